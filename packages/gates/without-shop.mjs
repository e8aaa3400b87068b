// `node packages/gates/without-shop.mjs`: the packages without the shop. In a copy that has nothing of the application, every package
// compiles and its tests pass. Ends non-zero when one does not.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Beside the packages: what npm and the compiler read, the protocol's document, and the example that keeps it without the kit. */
const KEPT = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'LICENSE', 'docs/participants.md', 'examples'];
/** What is about the repository itself: its gates, and the template, which a gate of its own compiles. */
const LEFT_OUT = /^packages\/(gates|create-amends)(\/|$)|(^|\/)(node_modules|dist)(\/|$)|\.tsbuildinfo$/;

const folder = mkdtempSync(join(tmpdir(), 'without-shop-'));
const run = (command, ...args) => {
  console.log(`\n== ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
  return status === 0;
};

try {
  for (const each of ['packages', ...KEPT]) {
    cpSync(each, join(folder, each), { recursive: true, filter: (source) => !LEFT_OUT.test(source) });
  }
  // npm's own links of the workspace lead to the packages of the copy
  cpSync('node_modules', join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !/node_modules\/(\.cache|\.vite)/.test(source),
  });
  const names = readdirSync(join(folder, 'packages')).filter((name) =>
    existsSync(join(folder, 'packages', name, 'tsconfig.json')),
  );
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ files: [], references: names.map((name) => ({ path: `packages/${name}` })) }),
  );
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { configDefaults, defineConfig } from 'vitest/config';
export default defineConfig({ test: {
  include: ['packages/*/src/**/*.test.ts'], exclude: [...configDefaults.exclude, '**/dist/**'],
  globalSetup: ['packages/testing/src/servers/global-setup.ts'], pool: 'forks', maxWorkers: 3, testTimeout: 30_000, hookTimeout: 60_000 } });
`,
  );
  if (run('npx', 'tsc', '-b')) run('npx', 'vitest', 'run', '--retry=1');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
