import { randomUUID } from 'node:crypto';
import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { SagaEventData } from '../../packages/contracts/src/saga-events.ts';
import system from '../../amends.config.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import { eventRoutes } from '../../packages/events/src/targets/outlet.ts';
import { readSystemConfig } from '../../packages/runtime/src/config.ts';
import { startReceiver, type Receiver } from '../../packages/testing/src/reading/event-receiver.ts';
import {
  startServiceUnderTest,
  type Answer,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { wireOrders } from './wiring.ts';

const TOKEN = 'a-token-of-16-characters';
let receiver: Receiver;
let orders: ServiceUnderTest;
beforeAll(async () => {
  receiver = await startReceiver();
  orders = await startServiceUnderTest('orders', (parts) =>
    wireOrders(parts, { ...routesBy({ NATS_URL: 'none', PUSH_TOKEN: TOKEN }), durable: 'unused' }),
  );
});
afterAll(async () => {
  await orders.close();
  await receiver.stop();
});

/** As its process has them in that environment, but that everybody is the test's own receiver. */
const routesBy = (env: Readonly<Record<string, string>>) =>
  eventRoutes(readSystemConfig(system, { API_URL: receiver.url, ORDERS_URL: receiver.url, ...env }));

const placed = async (): Promise<string> => {
  const orderId = `o-${randomUUID()}`;
  expect((await orders.ask('POST /orders', { ...exampleOrder, orderId })).status).toBe(201);
  return orderId;
};

const endOf = (orderId: string, end: 'completed' | 'cancelled'): CloudEvent<SagaEventData> =>
  new CloudEvent({
    id: `fulfilOrder:${orderId}/${end}`,
    type: `fulfilOrder.${end}.v1`,
    source: '/amends/sagas',
    subject: orderId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      sagaId: `fulfilOrder:${orderId}`,
      saga: 'fulfilOrder',
      key: orderId,
      status: end,
      result: { trackingNumber: 'T1' },
      cause: null,
      at: new Date().toISOString(),
    },
  });

const statusOf = async (orderId: string) =>
  ((await orders.ask(`GET /orders/${orderId}`)).json as { status: string }).status;

const send = ({ headers, body }: { headers: object; body: unknown }): Promise<Answer> =>
  orders.ask('POST /events', body, { authorization: `Bearer ${TOKEN}`, ...headers });

describe('POST /events at the orders service', () => {
  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer another-token-of-some-length' }],
  ])('E8: answers 401 to who shows %s, and takes nothing', async (_, headers) => {
    const orderId = await placed();
    const { headers: own, body } = HTTP.structured(endOf(orderId, 'cancelled'));
    const answer = await orders.ask('POST /events', body, { ...(own as Record<string, string>), ...headers });
    expect([answer.status, answer.json]).toMatchObject([401, { type: 'urn:amends:unauthorized' }]);
    expect(await statusOf(orderId)).toBe('placed');
  });

  it.each([
    ['without a token of its own takes nothing', 401, () => 'none'],
    ['beside a broker is not there', 404, () => inject('natsUrl')],
  ])('E8: %s', async (_, status, broker) => {
    const routes = routesBy({ NATS_URL: broker() });
    const another = await startServiceUnderTest('orders', (parts) =>
      wireOrders(parts, { ...routes, durable: `orders-${randomUUID()}` }),
    );
    try {
      const { headers, body } = HTTP.structured(endOf('o-1', 'cancelled'));
      const shown = { authorization: `Bearer ${TOKEN}`, ...(headers as Record<string, string>) };
      expect((await another.ask('POST /events', body, shown)).status).toBe(status);
    } finally {
      await another.close();
    }
  });

  it('E8: believes an end of a saga of our own source alone', async () => {
    const orderId = await placed();
    const answer = await send(HTTP.structured(endOf(orderId, 'cancelled').cloneWith({ source: '/somebody' })));
    expect([answer.status, answer.json]).toMatchObject([422, { errors: [{ path: 'source' }] }]);
    expect(await statusOf(orderId)).toBe('placed');
  });

  it.each([
    ['binary', HTTP.binary],
    ['structured', HTTP.structured],
  ])('E8: takes the end of a saga in %s mode, and again', async (_, write) => {
    const orderId = await placed();
    for (let n = 0; n < 2; n += 1) {
      const answer = await send(write(endOf(orderId, 'completed')));
      expect([answer.status, answer.json]).toMatchObject([202, { accepted: 1, results: [{ outcome: 'accepted' }] }]);
    }
    expect(await statusOf(orderId)).toBe('confirmed');
  });

  it('E8: takes a batch in the order of each key, passes over what is not for it, and says which one is bad', async () => {
    const [first, second] = [await placed(), await placed()];
    const other = new CloudEvent({
      id: '1',
      type: 'shop.order.cancel-requested.v1',
      source: '/test',
      data: { orderId: first, reason: 'why' },
    });
    const bad = { ...endOf(second, 'completed').toJSON(), id: 'bad', data: { sagaId: 7 } };
    const answer = await send({
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: [endOf(first, 'cancelled'), endOf(first, 'completed'), other, bad, endOf(second, 'completed')],
    });
    expect([answer.status, answer.json]).toMatchObject([
      422,
      {
        accepted: 3,
        ignored: 1,
        results: [
          { outcome: 'accepted' },
          { outcome: 'accepted' },
          { outcome: 'ignored' },
          {
            id: 'bad',
            outcome: 'invalid',
            problem: { errors: expect.arrayContaining([expect.objectContaining({ path: 'data.sagaId' })]) },
          },
          { outcome: 'accepted' },
        ],
      },
    ]);
    expect([await statusOf(first), await statusOf(second)]).toEqual(['cancelled', 'confirmed']);
  });

  const structured = { 'content-type': 'application/cloudevents+json' };
  it.each([
    ['no CloudEvent', {}, '{"a":1}', 415, 'not-cloudevent'],
    ['half of one', structured, '{"a":', 400, 'not-json'],
    [
      'an unknown type',
      structured,
      JSON.stringify({ ...endOf('o-1', 'completed').toJSON(), type: 'a.b' }),
      422,
      'invalid',
    ],
    ['more than the limit', { ...structured, connection: 'close' }, ' '.repeat(1_100_000), 413, 'too-large'],
  ])('%s is answered as the API answers it', async (_, headers, body, status, type) => {
    expect(await send({ headers, body })).toMatchObject({ status, json: { type: `urn:amends:${type}` } });
  });

  it('E8: answers 503 with Retry-After while its database is away, and takes the same event once it is back', async () => {
    const orderId = await placed();
    await orders.pool.query('alter table orders rename to orders_away');
    const answer = await send(HTTP.structured(endOf(orderId, 'completed')));
    await orders.pool.query('alter table orders_away rename to orders');
    expect([answer.status, answer.headers.get('retry-after'), answer.json]).toMatchObject([
      503,
      '1',
      { type: 'urn:amends:unavailable' },
    ]);
    expect((await send(HTTP.structured(endOf(orderId, 'completed')))).status).toBe(202);
    expect(await statusOf(orderId)).toBe('confirmed');
  });
});
