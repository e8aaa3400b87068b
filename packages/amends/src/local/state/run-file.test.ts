import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../../testing/src/servers/temporary-folder.ts';
import { identify, type ProcessIdentity } from '../processes/process-identity.ts';
import { claimRun, endRun, isRunning, newRun, readRun, updateRun, type Run } from './run-file.ts';

const URLS: Run['urls'] = {
  api: 'http://127.0.0.1:1',
  temporalUi: 'http://127.0.0.1:2',
  namespace: 'default',
  services: { orders: 'http://127.0.0.1:3', inventory: 'http://127.0.0.1:4' },
};

const nobody = async (): Promise<void> => {};

/** A process that lives as long as the test. */
const livingProcess = async (): Promise<ProcessIdentity> => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new Error('no process');
  return identity;
};

const deadProcess: ProcessIdentity = { pid: 1, birth: 'long ago' };

it('the first start has the folder to itself', async () => {
  const folder = await temporaryFolder();
  expect(await claimRun(folder, newRun(URLS), nobody)).toBeUndefined();
  expect(readRun(folder)?.supervisor.pid).toBe(process.pid);
});

it('a second start is told of the first while its supervisor lives, and takes nothing over', async () => {
  const folder = await temporaryFolder();
  const first = { ...newRun(URLS), supervisor: await livingProcess(), ready: true };
  await writeFile(join(folder, 'run.json'), JSON.stringify(first));
  const takenOver: Run[] = [];
  const other = await claimRun(folder, newRun(URLS), async (dead) => void takenOver.push(dead));
  expect(other).toEqual(first);
  expect(takenOver).toEqual([]);
  expect(readRun(folder)).toEqual(first);
});

it('what a dead start left is handed over before the folder changes hands', async () => {
  const folder = await temporaryFolder();
  const left = { ...deadProcess, name: 'orders', stage: 'services' as const, stopSignal: 'SIGTERM' as const };
  const dead = { ...newRun(URLS), supervisor: deadProcess, processes: [left] };
  await writeFile(join(folder, 'run.json'), JSON.stringify(dead));
  const takenOver: Run[] = [];
  expect(await claimRun(folder, newRun(URLS), async (run) => void takenOver.push(run))).toBeUndefined();
  expect(takenOver).toEqual([dead]);
  expect(readRun(folder)?.supervisor.pid).toBe(process.pid);
});

it('a process id that was given again, or a run of before a reboot, is not taken for a running start', async () => {
  const living = await livingProcess();
  const run = { ...newRun(URLS), supervisor: living };
  expect(isRunning(run)).toBe(true);
  expect(isRunning({ ...run, supervisor: { ...living, birth: 'another' } })).toBe(false);
  expect(isRunning({ ...run, boot: 'another' })).toBe(false);
});

it('a run file that cannot be read is replaced', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'run.json'), '{"half');
  expect(await claimRun(folder, newRun(URLS), nobody)).toBeUndefined();
  expect(readRun(folder)?.ready).toBe(false);
});

it('of a run that is over nothing is left', async () => {
  const folder = await temporaryFolder();
  const run = newRun(URLS);
  await claimRun(folder, run, nobody);
  updateRun(folder, { ...run, ready: true });
  expect(readRun(folder)?.ready).toBe(true);
  endRun(folder);
  expect(await readdir(folder)).toEqual([]);
});
