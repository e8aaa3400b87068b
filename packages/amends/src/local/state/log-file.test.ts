import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { freshLogFile, rotateLog } from './log-file.ts';
import { lookAfterDisk } from './look-after-disk.ts';

const LIMIT = 100_000;

it('the logs of the three runs before are kept', async () => {
  const folder = await temporaryFolder();
  for (const run of [1, 2, 3, 4, 5, 6]) await writeFile(await freshLogFile(folder, 'api'), `run ${run}`);
  expect((await readdir(folder)).toSorted()).toEqual(['api.log', 'api.log.1', 'api.log.2', 'api.log.3']);
  const texts = ['', '.1', '.2', '.3'].map((end) => readFile(join(folder, `api.log${end}`), 'utf8'));
  expect(await Promise.all(texts)).toEqual(['run 6', 'run 5', 'run 4', 'run 3']);
});

it('a log that a process writes to without end stays small, and the process notices nothing', async () => {
  const state = await temporaryFolder();
  const logFile = await freshLogFile(join(state, 'logs'), 'chatty');
  const log = openSync(logFile, 'a');
  const script = `let n = 0; setInterval(() => { for (let i = 0; i < 50; i++) console.log('line', ++n, 'x'.repeat(100)); }, 1)`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', log, log] });
  closeSync(log);
  const watch = lookAfterDisk(state, { report: () => {}, besides: () => {}, everyMs: 20, maxBytes: LIMIT });
  onTestFinished(async () => {
    await watch.close();
    child.kill('SIGKILL');
  });
  await vi.waitFor(() => stat(`${logFile}.3`), { timeout: 20_000 });
  const before = await lastLine(`${logFile}.1`);
  await vi.waitFor(async () => expect(await lastLine(logFile)).toBeGreaterThan(before), { timeout: 10_000 });
  await watch.close();
  expect((await readdir(join(state, 'logs'))).toSorted()).toEqual([
    'chatty.log',
    'chatty.log.1',
    'chatty.log.2',
    'chatty.log.3',
  ]);
  expect(child.exitCode).toBeNull();
});

const lastLine = async (path: string): Promise<number> => {
  const numbers = (await readFile(path, 'utf8')).matchAll(/^line (\d+)/gm);
  return Math.max(0, ...[...numbers].map(([, number]) => Number(number)));
};

it('a log under the limit is left alone', async () => {
  const folder = await temporaryFolder();
  const log = await freshLogFile(folder, 'api');
  await writeFile(log, 'one line');
  await rotateLog(log, LIMIT);
  expect(await readdir(folder)).toEqual(['api.log']);
});
