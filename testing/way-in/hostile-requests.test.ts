import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { freePorts } from '../../packages/amends/src/local/ports/free-ports.ts';
import { HOSTILE_REQUESTS, type HostileRequest } from '../hostile-requests.ts';
import { freshNamespace } from '../namespace.ts';
import { ownNats, type OwnNats } from '../../packages/testing/src/servers/own-nats.ts';
import { residentMib } from '../soak/memory.ts';

const ANSWERED_WITHIN_MS = 1_000;
const ANSWER_MAX_BYTES = 64_000;
const LOG_LINE_MAX_BYTES = 20_000;
const MEMORY_GROWS_AT_MOST = 1.1;
/** Often enough that what were kept of each would show. */
const TURNS = 5;
const SETTLES_WITHIN_MS = 2_000;
const ERROR_LEVEL = 50;
/** It collects its garbage by itself, so that its memory is what it keeps, and ends when the test that has started it has. */
const WATCHED = `setInterval(() => gc(), 250).unref(); process.stdin.on('close', () => process.exit()).resume().unref()`;

let nats: OwnNats;
let space: Awaited<ReturnType<typeof freshNamespace>>;
let api: ChildProcess;
let port: number;
let output = '';

beforeAll(async () => {
  [nats, space] = await Promise.all([ownNats(), freshNamespace()]);
  [port = 0] = await freePorts(1);
  api = spawn(
    process.execPath,
    ['--expose-gc', '--import', `data:text/javascript,${WATCHED}`, '--import', 'tsx', 'api/main.ts'],
    {
      cwd: process.cwd(),
      env: {
        PATH: process.env['PATH'],
        API_PORT: String(port),
        TEMPORAL_ADDRESS: space.address,
        TEMPORAL_NAMESPACE: space.namespace,
        NATS_URL: nats.url,
      },
    },
  );
  for (const stream of [api.stdout, api.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const isReady = async (): Promise<void> => {
    const { status } = await send({ to: 'GET /readyz' });
    if (status !== 200) throw new Error(`GET /readyz answered ${status}: ${output}`);
  };
  await vi.waitFor(isReady, { timeout: 30_000, interval: 250 });
}, 60_000);
afterAll(async () => {
  if (api?.exitCode === null) {
    api.kill('SIGTERM');
    await once(api, 'exit');
  }
  await nats?.remove();
  await space?.close();
});

/** One request on a connection of its own, and what came back until that ended; no status: nothing came. */
const send = ({ to, headers = {}, body }: Pick<HostileRequest, 'to' | 'headers' | 'body'>) =>
  new Promise<{ status: number; bytes: number; ms: number; text: string }>((resolve) => {
    const [method = '', path = ''] = to.split(' ');
    const began = performance.now();
    let status = 0;
    const chunks: Buffer[] = [];
    const end = (): void => {
      const whole = Buffer.concat(chunks);
      resolve({ status, bytes: whole.byteLength, ms: performance.now() - began, text: whole.toString() });
    };
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      status = answer.statusCode ?? 0;
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('close', end);
    });
    // an answer may come, and the connection end, before all of the request has been sent
    asked.on('error', () => status === 0 && end());
    asked.end(body);
  });

interface Worst {
  readonly statuses: readonly number[];
  readonly bytes: number;
  /** The quickest of all turns: a machine that is busy elsewhere slows some of them. */
  readonly ms: number;
}

it('forty hostile requests are each answered within a second, with at most 64 kB, and leave nothing behind', async () => {
  expect(HOSTILE_REQUESTS).toHaveLength(40);
  const seen = new Map<string, Worst>();
  const turn = async (): Promise<void> => {
    for (const { what, ...hostile } of HOSTILE_REQUESTS) {
      const { status, bytes, ms } = await send(hostile);
      const before = seen.get(what) ?? { statuses: [], bytes: 0, ms: Infinity };
      seen.set(what, {
        statuses: [...new Set([...before.statuses, status])],
        bytes: Math.max(before.bytes, bytes),
        ms: Math.min(before.ms, ms),
      });
    }
  };
  const memory = () => residentMib(api.pid ?? 0);

  await turn();
  await setTimeout(SETTLES_WITHIN_MS);
  const before = await memory();
  for (let turns = 0; turns < TURNS; turns++) await turn();
  await expect.poll(memory, { timeout: 15_000, interval: 250 }).toBeLessThan(before * MEMORY_GROWS_AT_MOST);

  expect([...seen].map(([what, { statuses }]) => [what, statuses])).toEqual(
    HOSTILE_REQUESTS.map(({ what, status }) => [what, [status]]),
  );
  expect([...seen].filter(([, { bytes }]) => bytes > ANSWER_MAX_BYTES)).toEqual([]);
  expect([...seen].filter(([, { ms }]) => ms > ANSWERED_WITHIN_MS)).toEqual([]);

  const lines = output.trim().split('\n');
  expect(lines.filter((line) => line.length > LOG_LINE_MAX_BYTES)).toEqual([]);
  expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= ERROR_LEVEL)).toEqual([]);
  const headers = { 'content-type': 'application/json' };
  const start = { to: 'POST /sagas/fulfilOrder', headers, body: JSON.stringify(exampleOrder) };
  expect((await send(start)).status).toBe(202);
  expect((await send({ to: 'GET /dead-letters' })).status).toBe(200);
}, 120_000);
