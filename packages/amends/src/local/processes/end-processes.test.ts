import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { endProcesses } from './end-processes.ts';
import { identify, isSameProcess } from './process-identity.ts';
import type { Stage, StagedProcess } from './stage.ts';

/** A process in a group of its own that says when it is ready and when it was asked to end. */
const start = async (name: string, stage: Stage, said: string[]): Promise<StagedProcess> => {
  const script = `process.on('SIGTERM', () => { console.log('ends'); process.exit(); }); setInterval(() => {}, 1000); console.log('ready')`;
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const isReady = once(child.stdout, 'data');
  child.stdout.on('data', (text) => said.push(`${name} ${String(text).trim()}`));
  await isReady;
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new Error('no process');
  return { ...identity, name, stage, stopSignal: 'SIGTERM' };
};

it('ends what is left, who uses something before what it uses', async () => {
  const said: string[] = [];
  const database = await start('PostgreSQL', 'database', said);
  const api = await start('api', 'api', said);
  const orders = await start('orders', 'services', said);
  said.length = 0;
  const ended = await endProcesses([database, api, orders]);
  expect(ended.map(({ name }) => name)).toEqual(['api', 'orders', 'PostgreSQL']);
  // what a process said last may be read after it is gone
  await vi.waitFor(() => expect(said).toEqual(['api ends', 'orders ends', 'PostgreSQL ends']));
  expect([database, api, orders].filter(isSameProcess)).toEqual([]);
});

it('leaves alone a process that has the id of one of ours but another birth', async () => {
  const said: string[] = [];
  const stranger = await start('stranger', 'api', said);
  expect(await endProcesses([{ ...stranger, birth: '1' }])).toEqual([]);
  expect(isSameProcess(stranger)).toBe(true);
});
