import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import type { Part } from './part.ts';
import { isSameProcess } from './process-identity.ts';
import type { StagedProcess } from './stage.ts';
import { createSupervisor } from './supervisor.ts';

/** A process that writes its id into a file when it is ready. */
const aPart = async (script: string): Promise<{ part: Part; readyFile: string }> => {
  const folder = await temporaryFolder();
  const readyFile = join(folder, 'ready');
  const part: Part = {
    name: 'shipping',
    command: process.execPath,
    args: ['-e', script, readyFile],
    env: {},
    cwd: '/',
    logFile: join(folder, 'shipping.log'),
    stopSignal: 'SIGTERM',
    check: async ({ identity }) => {
      if ((await readFile(readyFile, 'utf8')) !== String(identity.pid)) throw new Error('not yet');
    },
    readyWithinMs: 10_000,
    stopWithinMs: 500,
  };
  return { part, readyFile };
};

const LIVES = `console.log('so far, so good'); require('fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)`;

const aSupervisor = () => {
  const said: string[] = [];
  let processes: readonly StagedProcess[] = [];
  const supervisor = createSupervisor(
    (now) => (processes = now),
    (sentence) => said.push(sentence),
  );
  onTestFinished(() => supervisor.close());
  return { supervisor, said, processes: () => processes };
};

it('a part that ends by itself is said with the tail of its log, and started again', async () => {
  const { part } = await aPart(LIVES);
  const { supervisor, said, processes } = aSupervisor();
  await supervisor.run('services', part);
  const [first] = processes();
  if (first === undefined) throw new Error('nothing runs');
  process.kill(first.pid, 'SIGKILL');
  await vi.waitFor(() => expect(said.at(-1)).toBe('shipping runs again.'), { timeout: 10_000 });
  expect(said[0]).toMatch(
    /^shipping was ended by SIGKILL\. Its log .*\n {2}so far, so good\nIt is started again in 1 s\./,
  );
  expect(processes()).toHaveLength(1);
  expect(processes()[0]?.pid).not.toBe(first.pid);
});

it('a part that ends before it is ready stops the start, with the tail of its log', async () => {
  const { part } = await aPart(`console.log('PORT is missing'); process.exit(3)`);
  const { supervisor, processes } = aSupervisor();
  await expect(supervisor.run('services', part)).rejects.toThrow(
    /^shipping ended with code 3 before it was ready\. [^]*PORT is missing/,
  );
  expect(processes()).toEqual([]);
});

it('closing ends a part that is only just starting, and starts none again', async () => {
  const { part, readyFile } = await aPart(`setInterval(() => {}, 1000)`);
  const { supervisor, said, processes } = aSupervisor();
  const starting = supervisor.run('services', part).catch((error: unknown) => error);
  await vi.waitFor(() => expect(processes()).toHaveLength(1));
  const started = [...processes()];
  await supervisor.close();
  expect(await starting).toBeInstanceOf(Error);
  expect(started.filter(isSameProcess)).toEqual([]);
  expect(existsSync(readyFile)).toBe(false);
  await expect(supervisor.run('services', part)).rejects.toThrow('the system is closing');
  expect(said).toEqual([]);
});

it('a part that does not end when asked is ended hard', async () => {
  const { part } = await aPart(`process.on('SIGTERM', () => {}); ${LIVES}`);
  const { supervisor, processes } = aSupervisor();
  await supervisor.run('services', part);
  const [stubborn] = processes();
  if (stubborn === undefined) throw new Error('nothing runs');
  await supervisor.close();
  expect(isSameProcess(stubborn)).toBe(false);
});
