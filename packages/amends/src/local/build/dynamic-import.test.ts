import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appFolder } from '../state/folders.ts';
import { buildInto, stopCompiler } from './build.ts';

const BUILD_TIMEOUT_MS = 60_000;
const PACKAGES = ['api', 'client', 'contracts', 'events', 'participant', 'runtime', 'saga', 'worker'];

let folder: string;
beforeAll(async () => {
  const cache = join(appFolder(), 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'dynamic-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await stopCompiler();
});

// esbuild once left out what initialises a module of a package without side effects where only a dynamic import() led to it
it('a package that a process imports dynamically is whole', { timeout: BUILD_TIMEOUT_MS }, async () => {
  const source = join(folder, 'main.ts');
  const lines = PACKAGES.map((name) => `  ${name}: await import('@amends/${name}'),`);
  const code = `${['const all = {', ...lines, '};'].join('\n')}
const missing = Object.entries(all).flatMap(([name, each]) =>
  Object.entries(each).flatMap(([key, value]) => (value === undefined ? [name + '.' + key] : [])),
);
console.log(JSON.stringify({ missing, count: Object.values(all).map((each) => Object.keys(each).length) }));
`;
  await writeFile(source, code);
  const entry = relative(appFolder(), source);
  await buildInto(join(folder, 'built'), [{ in: entry, out: 'main' }]);
  const { stdout } = await promisify(execFile)('node', [join(folder, 'built', 'main.js')], { cwd: appFolder() });
  const { missing, count } = JSON.parse(stdout) as { missing: readonly string[]; count: readonly number[] };
  expect(missing).toEqual([]);
  expect(Math.min(...count)).toBeGreaterThan(0);
});
