import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inheritedEnvironment } from '../../packages/runtime/src/config.ts';
import { ownPorts, ownState } from '../own-system.ts';
import { appFolder } from '../../packages/amends/src/local/state/folders.ts';
import {
  isAlive,
  isSameProcess,
  type ProcessIdentity,
} from '../../packages/amends/src/local/processes/process-identity.ts';
import { readRun, type Run } from '../../packages/amends/src/local/state/run-file.ts';

const READY_WITHIN_MS = 120_000;
const TEST_TIMEOUT_MS = 180_000;
const ENDED_WITHIN_MS = 60_000;

let state = '';
let variables: Record<string, string> = {};
const started: { end: () => Promise<void> }[] = [];

beforeAll(async () => {
  state = await ownState();
  variables = { AMENDS_STATE_DIR: state, ...(await ownPorts()) };
});

afterAll(async () => {
  for (const { end } of started) await end();
  await rm(state, { recursive: true, force: true });
});

/** The command behind `npm start`, or npm itself, which a test may send signals to. */
const npmStart = (command = process.execPath, args = ['packages/amends/bin/amends.mjs', 'start']) => {
  const child = spawn(command, args, {
    cwd: appFolder(),
    env: { ...inheritedEnvironment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  started.push({
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      await exited;
    },
  });
  const ready = (): Promise<void> =>
    vi.waitFor(
      () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
        expect(output).toContain('Ctrl-C stops it');
      },
      { timeout: READY_WITHIN_MS, interval: 100 },
    );
  return { child, exited, ready, output: () => output };
};

const currentRun = (): Run => {
  const run = readRun(state);
  if (run === undefined) throw new Error('nothing runs');
  return run;
};

const order = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`http://127.0.0.1:${variables['ORDERS_PORT']}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

const AN_ORDER = {
  orderId: 'o-start',
  customerId: 'c-1',
  currency: 'EUR',
  lines: [{ sku: 'no-such-mug', quantity: 1, unitPrice: 1_250 }],
  shipTo: { country: 'DE' },
  paymentToken: 'tok_ok',
};

/** The guard is not in the run file: it is a child of the supervisor, in whose command its file is named. */
const guardOf = (supervisor: number): number => {
  const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  const guard = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guard-main'));
  if (guard === undefined) throw new Error('there is no guard');
  return guard;
};

/** What the Web UI is told when it asks the built workers for the call stack of the saga of that order. */
const stackOfSaga = async (): Promise<string> => {
  const connection = await Connection.connect({ address: `127.0.0.1:${variables['TEMPORAL_PORT']}` });
  try {
    return await new Client({ connection }).workflow.getHandle('fulfilOrder:o-start').query<string>('__stack_trace');
  } catch (error) {
    return (error as Error).message;
  } finally {
    await connection.close();
  }
};

const allEnded = (processes: readonly ProcessIdentity[]): Promise<void> =>
  vi.waitFor(() => expect(processes.filter(isSameProcess)).toEqual([]), { timeout: ENDED_WITHIN_MS, interval: 100 });

it(
  'npm start runs the whole system; a second one prints its URLs; Ctrl-C, twice, leaves no process behind',
  async () => {
    const first = npmStart();
    await first.ready();
    const { processes, supervisor } = currentRun();
    expect(processes.map(({ name }) => name).sort()).toEqual([
      'NATS',
      'PostgreSQL',
      'Temporal',
      'api',
      'card-provider',
      'inventory',
      'notifications',
      'orders',
      'payments',
      'shipping',
      'workers',
    ]);
    const guard = guardOf(supervisor.pid);
    expect((await order('POST', '/orders', AN_ORDER)).status).toBe(201);
    await expect.poll(stackOfSaga, { timeout: ENDED_WITHIN_MS }).toContain('stack traces are not enabled');
    const log = readFileSync(join(state, 'logs', 'workers.log'), 'utf8')
      .trim()
      .split('\n');
    expect(log.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContainEqual(
      expect.stringMatching(/^call stacks of workflows are off/),
    );

    const second = npmStart();
    expect(await second.exited).toBe(0);
    expect(second.output()).toContain(`http://127.0.0.1:${variables['API_PORT']}`);

    first.child.kill('SIGINT');
    first.child.kill('SIGINT');
    expect(await first.exited).toBe(0);
    expect(processes.filter(isSameProcess)).toEqual([]);
    expect(isAlive(guard)).toBe(false);
    expect(readRun(state)).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);

it(
  'of two starts at the same instant one runs the system, and the other waits for it and prints its URLs',
  async () => {
    const both = [npmStart(), npmStart()];
    const [code, other] = await Promise.race(
      both.map(async (start, at) => [await start.exited, both[1 - at] as ReturnType<typeof npmStart>] as const),
    );
    expect(both.map((start) => start.output()).join('')).toContain('The system runs already.');
    expect(code).toBe(0);
    await other.ready();
    other.child.kill('SIGINT');
    expect(await other.exited).toBe(0);
  },
  TEST_TIMEOUT_MS,
);

it(
  'a server that is named and out of reach stops the start before anything is started',
  async () => {
    variables = { ...variables, NATS_URL: 'nats://127.0.0.1:1' };
    const start = npmStart();
    delete variables['NATS_URL'];
    expect(await start.exited).toBe(1);
    expect(start.output()).toMatch(/NATS_URL names 127\.0\.0\.1:1, which is out of reach: /);
    expect(readRun(state)).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);

it(
  'the next start finds the data again; when the supervisor is killed, the guard ends everything in order',
  async () => {
    const start = npmStart();
    await start.ready();
    const { processes, supervisor } = currentRun();
    const guard = guardOf(supervisor.pid);
    expect(await (await order('GET', '/orders/o-start')).json()).toMatchObject({ orderId: 'o-start' });

    process.kill(supervisor.pid, 'SIGKILL');
    await allEnded(processes);
    await vi.waitFor(() => expect(isAlive(guard)).toBe(false), { timeout: ENDED_WITHIN_MS });
    expect(readFileSync(join(state, 'logs', 'postgres.log'), 'utf8')).toContain('database system is shut down');
  },
  TEST_TIMEOUT_MS,
);

it(
  'when the guard is killed too, the next start ends what they left, and the orders are still there',
  async () => {
    const start = npmStart();
    await start.ready();
    const { processes, supervisor } = currentRun();
    process.kill(guardOf(supervisor.pid), 'SIGKILL');
    process.kill(supervisor.pid, 'SIGKILL');
    expect(processes.filter(isSameProcess)).toHaveLength(processes.length);

    const next = npmStart();
    await next.ready();
    expect(processes.filter(isSameProcess)).toEqual([]);
    expect(next.output()).toContain('An earlier start was killed: ended what it left (api, workers,');
    expect(await (await order('GET', '/orders/o-start')).json()).toMatchObject({ orderId: 'o-start' });
    next.child.kill('SIGTERM');
    expect(await next.exited).toBe(0);
  },
  TEST_TIMEOUT_MS,
);

it(
  'Ctrl-C while it is still starting ends what has been started',
  async () => {
    const start = npmStart();
    await vi.waitFor(() => expect(currentRun().processes.length).toBeGreaterThan(0), { timeout: READY_WITHIN_MS });
    const { processes } = currentRun();
    start.child.kill('SIGINT');
    expect(await start.exited).toBe(130);
    expect(processes.filter(isSameProcess)).toEqual([]);
    expect(readRun(state)).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);

const environmentOf = (pid: number): string => readFileSync(`/proc/${pid}/environ`, 'utf8').replaceAll('\0', '\n');

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to the npm process alone stops all in order; what is not ours is told no secret',
  async (signal) => {
    const secret = 'a-secret-of-the-one-who-starts';
    variables = { ...variables, SERVICE_TOKEN: secret, TEMPORAL_API_KEY: secret, CLOUD_PASSWORD: secret };
    const start = npmStart('npm', ['start']);
    for (const name of ['SERVICE_TOKEN', 'TEMPORAL_API_KEY', 'CLOUD_PASSWORD']) delete variables[name];
    await start.ready();
    const { processes, supervisor } = currentRun();
    const knows = processes.filter(({ pid }) => environmentOf(pid).includes(secret)).map(({ name }) => name);
    expect(knows.toSorted()).toEqual([
      'api',
      'inventory',
      'notifications',
      'orders',
      'payments',
      'shipping',
      'workers',
    ]);
    expect(processes.filter(({ pid }) => /(API_KEY|PASSWORD)=a-secret/.test(environmentOf(pid)))).toEqual([]);
    expect(environmentOf(guardOf(supervisor.pid))).not.toContain(secret);

    start.child.kill(signal);
    await start.exited;
    expect(processes.filter(isSameProcess)).toEqual([]);
    expect(readRun(state)).toBeUndefined();
    expect(start.output()).toContain('Stopped. Nothing is lost');
  },
  TEST_TIMEOUT_MS,
);

it(
  'npm start | head ends in order, without a stack, when its reader is gone',
  async () => {
    const start = npmStart('/bin/sh', ['-c', 'npm start 2>"$0" | head -n 6', join(state, 'errors')]);
    expect(await start.exited).toBe(0);
    expect(readFileSync(join(state, 'errors'), 'utf8')).not.toMatch(/EPIPE|\n {4}at /);
    expect(readRun(state)).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);
