import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpuOf, threadKinds, threadsOf } from './cpu.ts';

/** By the CPU clock of the whole process, so that a busy machine makes no difference. */
const MAIN_MS = 300;
const THREAD_MS = 600;
const CHILD_MS = 400;
const burn = (ms: number): string =>
  `{ const from = process.cpuUsage(); for (;;) { const { user, system } = process.cpuUsage(from); if (user + system > ${ms * 1_000}) break; } }`;

/** Its main thread burns some, then a thread of its own more, and before both a process that it waits for. */
const BUSY = `
  require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(burn(CHILD_MS))}]);
  ${burn(MAIN_MS)}
  const { Worker } = require('node:worker_threads');
  new Worker(${JSON.stringify(`${burn(THREAD_MS)} require('node:worker_threads').parentPort.postMessage(0); setInterval(() => {}, 1e6);`)}, { eval: true })
    .on('message', () => console.log('burnt'));
`;

let busy: ChildProcess;
let pid: number;
beforeAll(async () => {
  busy = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'pipe', 'inherit'] });
  pid = busy.pid ?? 0;
  if (busy.stdout) await once(busy.stdout, 'data');
});
afterAll(() => busy.kill('SIGKILL'));

it('reads what a process has taken, with its threads and the processes that it has waited for', async () => {
  const { it: took = 0 } = await cpuOf({ it: pid });
  expect(took).toBeGreaterThan(MAIN_MS + THREAD_MS + CHILD_MS - 100);
  expect(took).toBeLessThan(MAIN_MS + THREAD_MS + CHILD_MS + 1_500);
});

it('tells the busiest other thread from the main one', async () => {
  const kinds = threadKinds(new Map(), await threadsOf(pid));
  expect(kinds.main).toBeGreaterThan(MAIN_MS - 100);
  expect(kinds['workflow thread']).toBeGreaterThan(THREAD_MS - 150);
  expect(kinds['SDK core']).toBe(0);
});

it('counts only what came between two readings, and the threads of the core by their names', () => {
  const before = new Map([
    [1, { name: 'main', ms: 10 }],
    [2, { name: 'node', ms: 50 }],
    [3, { name: 'node', ms: 0 }],
  ]);
  const after = new Map([
    [1, { name: 'main', ms: 30 }],
    [2, { name: 'node', ms: 55 }],
    [3, { name: 'node', ms: 40 }],
    [4, { name: 'tokio-runtime-w', ms: 7 }],
  ]);
  expect(threadKinds(before, after)).toEqual({ 'workflow thread': 40, main: 20, 'SDK core': 7, 'V8 and libuv': 5 });
});

it('says so when a process has ended', async () => {
  await expect(cpuOf({ gone: 2 ** 22 + 1 })).rejects.toThrow('process 4194305 has ended');
});
