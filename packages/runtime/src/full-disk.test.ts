import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { canMount, smallDisk } from '../../testing/fixtures/small-disk.ts';

const CHATTY = `
import { readConfig } from './packages/runtime/src/config.ts';
import { runProcess } from './packages/runtime/src/process.ts';
await runProcess('chatty', () => readConfig(), async (_, log) => {
  let n = 0;
  const timer = setInterval(() => log.info({ n: ++n }, 'a line'), 5);
  return { close: async () => clearInterval(timer) };
});
`;

/** A process of ours that writes its log without end to that file. */
const chatty = (logFile: string) => {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', CHATTY], {
    cwd: process.cwd(),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

it.skipIf(!canMount)(
  'a log line that cannot be written ends no process, and what waits is written once there is space',
  { timeout: 60_000 },
  async () => {
    const disk = await smallDisk(1);
    const logFile = join(disk.folder, 'chatty.log');
    const child = chatty(logFile);
    await vi.waitFor(async () => expect(await readFile(logFile, 'utf8')).toContain('a line'), { timeout: 20_000 });
    disk.fill();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(child.exitCode).toBeNull();
    await disk.free();
    const { length } = await readFile(logFile, 'utf8');
    await vi.waitFor(async () => expect((await readFile(logFile, 'utf8')).length).toBeGreaterThan(length + 1_000), {
      timeout: 10_000,
    });
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(0, -1);
    const numbers = lines.map((line) => (JSON.parse(line) as { n?: number }).n).filter((n) => n !== undefined);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    child.kill('SIGTERM');
    await vi.waitFor(() => expect(child.exitCode).toBe(0), { timeout: 10_000 });
  },
);

it('a process whose log can never be written ends in order when it is asked to', { timeout: 60_000 }, async () => {
  const child = chatty('/dev/full');
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  await vi.waitFor(() => expect(child.exitCode).toBe(0), { timeout: 10_000 });
});
