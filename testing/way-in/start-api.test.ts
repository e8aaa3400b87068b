import { Client, Connection } from '@temporalio/client';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOrder } from '../../contracts/orders.ts';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { connectPublisher } from '../../packages/events/src/broker/publisher.ts';
import { freePorts } from '../../packages/amends/src/local/ports/free-ports.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import {
  serverFolder,
  startTestNats,
  startTestTemporal,
  type TestServer,
} from '../../packages/testing/src/servers/servers.ts';
import { openShopApi } from '../the-shop.ts';

const log = createLog('test', 'silent');
const say = (): void => undefined;
const SLOWEST_ANSWER_MS = 8_000;

let api: Awaited<ReturnType<typeof openShopApi>>;
let disk: Awaited<ReturnType<typeof serverFolder>>;
let ports: { temporal: number; nats: number };
let temporal: TestServer | undefined;
let nats: TestServer | undefined;

beforeAll(async () => {
  disk = await serverFolder();
  await mkdir(join(disk.folder, 'nats'), { recursive: true });
  const [temporalPort = 0, natsPort = 0, apiPort = 0] = await freePorts(3);
  ports = { temporal: temporalPort, nats: natsPort };
  const env = {
    API_PORT: String(apiPort),
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    NATS_URL: `nats://127.0.0.1:${natsPort}`,
  };
  api = await openShopApi(env, log);
});
afterAll(async () => {
  await api?.close();
  await temporal?.child.stop();
  await nats?.child.stop();
  await disk?.remove();
});

const request = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${api.port}${path}`, init);
const post = (path: string, body: unknown) =>
  request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const order = (orderId: string) => ({ ...exampleOrder, orderId });
const placed = (orderId: string) =>
  newEvent({ type: 'shop.order.placed.v1', source: '/test', subject: orderId, data: order(orderId) });
const because = { reason: 'a test' };

/** Every route that needs Temporal. */
const asks: readonly (readonly [string, () => Promise<Response>])[] = [
  ['POST /sagas/{saga}', () => post('/sagas/fulfilOrder', order('o-away'))],
  ['GET /sagas', () => request('/sagas')],
  ['GET /sagas/{id}', () => request('/sagas/fulfilOrder:o-away')],
  ['POST cancel', () => post('/sagas/fulfilOrder:o-away/cancel', because)],
  ...['retry', 'skip', 'resolve'].map(
    (act) => [`POST ${act}`, () => post(`/sagas/fulfilOrder:o-away/steps/shipStock/${act}`, because)] as const,
  ),
  [
    'POST approval',
    () => post('/sagas/returnOrder:o-away/approvals/approveReturn', { ...because, decision: 'approved' }),
  ],
  [
    'POST /events',
    () =>
      request('/events', {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(placed('o-away')),
      }),
  ],
];

describe('the API process', () => {
  it('boots while neither Temporal nor NATS is there, and says what is missing', async () => {
    expect((await request('/healthz')).status).toBe(200);
    const ready = await request('/readyz');
    expect(ready.headers.get('retry-after')).toBe('1');
    const problem = await readProblem(ready);
    expect(problem).toMatchObject({ httpStatus: 503, type: 'unavailable' });
    expect(problem.detail).toMatch(/Temporal.*NATS/);
  });

  it('who may: on loopback no web page, and nothing that a proxy forwards', async () => {
    expect((await request('/healthz', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await request('/healthz', { headers: { forwarded: 'for=10.0.0.1' } })).status).toBe(403);
    expect((await request('/healthz')).status).toBe(200);
  });

  it('E2: every route that needs Temporal answers 503 with Retry-After while it is away, in bounded time', async () => {
    const before = Date.now();
    const answers = await Promise.all(asks.map(async ([route, ask]) => ({ route, response: await ask() })));
    expect(Date.now() - before).toBeLessThan(SLOWEST_ANSWER_MS);
    for (const { route, response } of answers) {
      expect([route, response.status, response.headers.get('retry-after')]).toEqual([route, 503, '1']);
      expect((await readProblem(response)).type).toBe('unavailable');
    }
  });

  it('GET /metrics tells what became of events, and of the process', async () => {
    const figures = await (await request('/metrics')).text();
    expect(figures).toMatch(/^amends_events_total\{outcome="unavailable",type="shop\.order\.placed\.v1"\} [1-9]/m);
    expect(figures).toMatch(/^amends_events_total\{outcome="late",type="shop\.order\.cancel-requested\.v1"\} 0$/m);
    expect(figures).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it('becomes ready by itself once both are there', async () => {
    [temporal, nats] = await Promise.all([
      startTestTemporal(disk.folder, say, ports.temporal),
      startTestNats(disk.folder, say, ports.nats),
    ]);
    await expect
      .poll(async () => (await request('/readyz')).json(), { timeout: 20_000, interval: 250 })
      .toEqual({ status: 'ready', reasons: [] });
  }, 40_000);

  it('E9: without NATS it can do what its callers need: degraded, with the reason, in the same 200', async () => {
    await nats?.child.stop();
    await expect
      .poll(async () => (await request('/readyz')).json(), { timeout: 20_000, interval: 250 })
      .toEqual({ status: 'degraded', reasons: [expect.stringMatching(/^NATS: 127\.0\.0\.1:\d+ /)] });
    expect((await request('/readyz')).status).toBe(200);
    nats = await startTestNats(disk.folder, say, ports.nats);
    await expect
      .poll(async () => (await request('/readyz')).json(), { timeout: 20_000, interval: 250 })
      .toEqual({ status: 'ready', reasons: [] });
  }, 60_000);

  it('starts a saga though no worker runs, and again: 202 with its initial view', async () => {
    const first = await post('/sagas/fulfilOrder', order('o-early'));
    const again = await post('/sagas/fulfilOrder', order('o-early'));
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 202, 'true']);
    const view = SagaView.parse(await first.json());
    expect(SagaView.parse(await again.json())).toEqual(view);
    expect(view).toMatchObject({ status: 'running', version: 0, input: order('o-early') });
    expect(view.steps.map(({ name, state }) => [name, state])).toContainEqual(['capturePayment', 'pending']);
  });

  it('answers 503 with Retry-After what only a worker knows while none runs, in bounded time', async () => {
    const id = 'fulfilOrder:o-early';
    const responses = await Promise.all([
      request(`/sagas/${id}`),
      post(`/sagas/${id}/cancel`, because),
      ...['retry', 'skip', 'resolve'].map((act) => post(`/sagas/${id}/steps/shipStock/${act}`, because)),
    ]);
    for (const response of responses) {
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await readProblem(response)).toMatchObject({ httpStatus: 503, type: 'unavailable' });
    }
  });

  it('E1: an event from the broker starts its saga', async () => {
    const publisher = await connectPublisher(nats?.address ?? '', log);
    await publisher.publish(placed('o-event'));
    await publisher.close();
    const connection = await Connection.connect({ address: temporal?.address ?? '' });
    const saga = new Client({ connection }).workflow.getHandle('fulfilOrder:o-event');
    await expect
      .poll(() =>
        saga.describe().then(
          ({ type }) => type,
          () => null,
        ),
      )
      .toBe('fulfilOrder');
    await connection.close();
  });

  it('E2: answers 503 while Temporal is frozen, in bounded time, and the same start again once it is back', async () => {
    const { pid } = temporal?.child.identity ?? { pid: 0 };
    process.kill(pid, 'SIGSTOP');
    try {
      const before = Date.now();
      const problem = await readProblem(await post('/sagas/fulfilOrder', order('o-frozen')));
      expect(problem).toMatchObject({ httpStatus: 503, type: 'unavailable' });
      expect(Date.now() - before).toBeLessThan(SLOWEST_ANSWER_MS);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expect
      .poll(async () => (await post('/sagas/fulfilOrder', order('o-frozen'))).status, {
        timeout: 20_000,
        interval: 500,
      })
      .toBe(202);
  }, 40_000);

  it('closes in order, and takes no request after', async () => {
    await api.close();
    await expect(request('/healthz')).rejects.toThrow('fetch failed');
  });
});

it('does not start with times for a saga that there is not', async () => {
  const env = { AMENDS_TIMES: '{"fulfilOrders":{"deadline":"1h"}}' };
  await expect(openShopApi(env, log)).rejects.toThrow('AMENDS_TIMES at fulfilOrders: there is no saga fulfilOrders');
});
