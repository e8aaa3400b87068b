import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../packages/testing/fixtures/markdown.ts';
import { installedWith, readLock } from './installs.ts';

const BUNDLERS = /\/(?:webpack|@swc\/core|esbuild)$/;
/** The document says "about". */
const TOLERANCE = 0.15;

const lock = await readLock();
const rows = tableOf(await readFile('docs/measured.md', 'utf8'), 'package').map((row) => {
  const name = (row['package'] ?? '').replaceAll('`', '').replace('@amends/', '');
  return { name, row, installed: installedWith(lock, name) };
});
const bundled = (installed: readonly string[]): boolean => installed.some((folder) => BUNDLERS.test(folder));
const temporal = (installed: readonly string[]): number =>
  installed.filter((folder) => folder.includes('node_modules/@temporalio/')).length;

describe('what an installation brings', () => {
  it('a service that takes part gets nothing of Temporal, an API no bundler', () => {
    expect(temporal(installedWith(lock, 'participant'))).toBe(0);
    expect(bundled(installedWith(lock, 'participant'))).toBe(false);
    expect(bundled(installedWith(lock, 'api'))).toBe(false);
    expect(bundled(installedWith(lock, 'worker'))).toBe(true);
  });

  it.each(rows)('$name is as docs/measured.md says', ({ row, installed }) => {
    expect(temporal(installed)).toBe(Number(row["Temporal's"]));
    expect(bundled(installed) ? 'yes' : 'no').toBe(row['a bundler']);
    const said = Number(row['packages, about']);
    expect(Math.abs(installed.length - said), `${installed.length} packages`).toBeLessThanOrEqual(
      Math.max(1, said * TOLERANCE),
    );
  });
});
