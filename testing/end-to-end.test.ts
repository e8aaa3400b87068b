import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Problem } from '../packages/contracts/src/problems.ts';
import { SagaList, SagaView } from '../packages/contracts/src/saga-view.ts';
import { EVENTS_STREAM } from '../packages/contracts/src/protocol/streams.ts';
import { unlikePublished } from './published-form.ts';
import { readStream } from '../packages/testing/src/reading/read-stream.ts';
import { ENDED_WITHIN_MS, FULFILLED, read, startSystemUnderTest, type SystemUnderTest } from './system-under-test.ts';

const AsyncApi = z.object({
  asyncapi: z.string(),
  channels: z.record(z.string(), z.object({ address: z.string() })),
});
const START_MS = 120_000;

let system: SystemUnderTest;

/** Everything that `npm start` starts, each part a process of its own; spoken to over HTTP alone. */
beforeAll(async () => {
  system = await startSystemUnderTest({ AMENDS_TIMES: '{"sweep":"5s"}' });
}, START_MS);

afterAll(() => system?.close(), START_MS);

describe('the shop, every part a process', () => {
  it(
    'an order that is placed is fulfilled, and its status comes back as an event',
    async () => {
      const order = await system.placed();
      const view = await system.orderUntil(order.orderId, 'confirmed');
      expect(view.trackingNumber).toEqual(expect.any(String));
      expect(view.history.map(({ status }) => status)).toEqual(['placed', 'accepted', 'confirmed']);
      expect(await system.effectsOf(order)).toMatchObject({
        ...FULFILLED,
        stock: { available: 8, reserved: 0, shipped: 2 },
      });
      expect(await system.sagaOf(order.orderId)).toMatchObject({
        status: 'completed',
        trigger: { kind: 'event', type: 'shop.order.placed.v1' },
      });
    },
    START_MS,
  );

  it(
    'a refused country leaves nothing behind, and the order says why',
    async () => {
      const order = await system.placed({ shipTo: { country: 'SY' } });
      expect(await system.orderUntil(order.orderId, 'rejected')).toMatchObject({ reason: 'country-not-served' });
      expect(await system.effectsOf(order)).toMatchObject({
        payments: ['voided'],
        reservations: ['released'],
        shipments: [],
        stock: { available: 10, reserved: 0, shipped: 0 },
      });
    },
    START_MS,
  );

  it(
    'a worker killed in the middle of a saga: the result is still right, and nothing happened twice',
    async () => {
      const order = await system.placed({ paymentToken: 'tok_slow' });
      await vi.waitFor(
        async () => {
          const { steps } = await system.sagaOf(order.orderId);
          expect(steps.find(({ name }) => name === 'authorizePayment')?.state).toBe('running');
        },
        { timeout: ENDED_WITHIN_MS, interval: 100 },
      );
      system.kill('workers');
      await system.orderUntil(order.orderId, 'confirmed');
      expect(await system.effectsOf(order)).toMatchObject({
        ...FULFILLED,
        stock: { available: 8, reserved: 0, shipped: 2 },
      });
    },
    START_MS,
  );

  it(
    'S14: a saga that somebody terminates is undone by itself, and the order says so',
    async () => {
      const order = await system.placed({ paymentToken: 'tok_slow' });
      await vi.waitFor(
        async () => {
          const { steps } = await system.sagaOf(order.orderId);
          expect(steps.find(({ name }) => name === 'authorizePayment')?.state).toBe('running');
        },
        { timeout: ENDED_WITHIN_MS, interval: 100 },
      );
      const connection = await Connection.connect({ address: system.temporal });
      await new Client({ connection }).workflow.getHandle(`fulfilOrder:${order.orderId}`).terminate('a test');
      await connection.close();
      await system.orderUntil(order.orderId, 'rejected');
      expect(await system.sagaOf(order.orderId)).toMatchObject({
        status: 'compensated',
        input: { orderId: order.orderId },
      });
      expect(await system.effectsOf(order)).toMatchObject({ stock: { available: 10, reserved: 0, shipped: 0 } });
    },
    START_MS,
  );

  it(
    'services, the card provider and the API killed while orders are on their way: every order ends, once',
    async () => {
      const orders = await Promise.all(Array.from({ length: 6 }, () => system.placed()));
      for (const name of ['payments', 'card-provider', 'api', 'orders', 'inventory']) system.kill(name);
      await Promise.all(orders.map(({ orderId }) => system.orderUntil(orderId, 'confirmed')));
      for (const order of orders) {
        expect(await system.effectsOf(order)).toMatchObject({
          ...FULFILLED,
          stock: { available: 8, reserved: 0, shipped: 2 },
        });
      }
    },
    START_MS,
  );

  it(
    'a cancel request on its way as an event undoes a running order',
    async () => {
      const order = await system.placed({ paymentToken: 'tok_slow' });
      await vi.waitFor(async () => expect((await system.sagaOf(order.orderId)).status).toBe('running'), {
        timeout: ENDED_WITHIN_MS,
        interval: 100,
      });
      const asked = await system.ask('orders', 'POST', `/orders/${order.orderId}/cancel`, {
        reason: 'changed my mind',
      });
      expect(asked.status).toBe(202);
      await system.orderUntil(order.orderId, 'cancelled');
      const { reservations, payments, stock } = await system.effectsOf(order);
      expect([...reservations, ...payments].filter((one) => !['released', 'voided'].includes(one))).toEqual([]);
      expect(stock).toMatchObject({ available: 10, reserved: 0, shipped: 0 });
    },
    START_MS,
  );

  it(
    'a confirmed order comes back: asked for, approved, received; its goods, its money and its status follow',
    async () => {
      const order = await system.placed();
      const { orderId, lines } = order;
      await system.orderUntil(orderId, 'confirmed');
      await system.returnAsked(orderId);
      const received = {
        specversion: '1.0',
        id: randomUUID(),
        source: '/carrier',
        type: 'shop.return.received.v1',
        data: { orderId, lines, condition: 'as-new' },
      };
      const event = { 'content-type': 'application/cloudevents+json' };
      const answer = await system.ask('api', 'POST', '/events', received, event);
      expect([answer.status, await answer.json()]).toMatchObject([202, { accepted: 1 }]);

      expect((await system.orderUntil(orderId, 'returned')).history.map(({ status }) => status)).toEqual([
        'placed',
        'accepted',
        'confirmed',
        'returned',
      ]);
      expect(await system.effectsOf(order)).toMatchObject({
        payments: ['refunded'],
        stock: { available: 10, reserved: 0, shipped: 0 },
      });
      expect((await system.ask('orders', 'POST', `/orders/${orderId}/returns`, { reason: 'again' })).status).toBe(409);
    },
    START_MS,
  );
});

describe('the API, over HTTP', () => {
  it(
    'a saga is started once a key, waited for, and told from another under the same key',
    async () => {
      const order = await system.anOrder();
      const first = await system.ask('api', 'POST', '/sagas/fulfilOrder', order, { prefer: 'wait=30' });
      expect(first.status).toBe(200);
      expect(first.headers.get('preference-applied')).toBe('wait=30');
      expect(first.headers.get('location')).toBe(`/sagas/fulfilOrder:${order.orderId}`);
      expect(await read(SagaView, first)).toMatchObject({ status: 'completed' });

      const again = await system.ask('api', 'POST', '/sagas/fulfilOrder', order);
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
      const other = await system.ask('api', 'POST', '/sagas/fulfilOrder', { ...order, customerId: 'c-2' });
      expect([other.status, (await read(Problem, other)).type]).toEqual([409, 'urn:amends:conflict']);
      expect(await system.effectsOf(order)).toMatchObject(FULFILLED);
    },
    START_MS,
  );

  it(
    'an order from several warehouses is started over HTTP: one parcel each, and the order is confirmed with all of them',
    async () => {
      const order = await system.anOrder();
      const { orderId } = order;
      const lines = ['w-1', 'w-2'].flatMap((warehouse) =>
        order.lines.map((line) => ({ ...line, quantity: 1, warehouse })),
      );
      const started = await system.ask(
        'api',
        'POST',
        '/sagas/fulfilSplitOrder',
        { ...order, lines },
        { prefer: 'wait=30' },
      );
      expect(await read(SagaView, started)).toMatchObject({ status: 'completed' });
      expect(await system.effectsOf(order)).toMatchObject({ ...FULFILLED, shipments: ['booked', 'booked'] });
      expect((await system.orderUntil(orderId, 'confirmed')).trackingNumber).toMatch(/^T[0-9A-F]+, T[0-9A-F]+$/);
    },
    START_MS,
  );

  it('lists sagas by key, and refuses to cancel what has ended', async () => {
    const order = await system.anOrder();
    await system.ask('api', 'POST', '/sagas/fulfilOrder', order, { prefer: 'wait=30' });
    await vi.waitFor(
      async () => {
        const { items } = await read(SagaList, system.ask('api', 'GET', `/sagas?key=${order.orderId}`));
        expect(items).toMatchObject([{ id: `fulfilOrder:${order.orderId}`, status: 'completed' }]);
      },
      { timeout: ENDED_WITHIN_MS, interval: 200 },
    );
    const cancelled = await system.ask('api', 'POST', `/sagas/fulfilOrder:${order.orderId}/cancel`, {
      reason: 'too late',
    });
    expect(cancelled.status).toBe(409);
  });

  it.each([
    ['POST', '/sagas/fulfilOrder', '{"half":', 400, 'not-json'],
    ['POST', '/sagas/fulfilOrder', '{}', 422, 'invalid'],
    ['POST', '/sagas/nothing', '{}', 404, 'not-found'],
    ['GET', '/sagas/fulfilOrder:nobody', undefined, 404, 'not-found'],
    ['DELETE', '/sagas', undefined, 405, 'method-not-allowed'],
    ['POST', '/events', '{}', 415, 'not-cloudevent'],
    ['GET', '/sagas/%E0%A4%A', undefined, 400, 'bad-request'],
  ])('%s %s with %s answers %i %s', async (method, path, body, status, type) => {
    const answer = await fetch(system.urls.api + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    expect(answer.status).toBe(status);
    expect((await read(Problem, answer)).type).toBe(`urn:amends:${type}`);
  });

  it('E7: GET /asyncapi.json says how events are published, and every one that came about in all this is so', async () => {
    const { asyncapi, channels } = await read(AsyncApi, system.ask('api', 'GET', '/asyncapi.json'));
    expect(asyncapi).toBe('3.0.0');
    const stored = await readStream(system.nats, EVENTS_STREAM);
    const published = stored.map((message) => message.json<{ type: string }>());
    expect(published.flatMap(unlikePublished)).toEqual([]);
    expect(stored.map(({ subject }) => subject)).toEqual(published.map(({ type }) => channels[type]?.address));
    const types = published.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['shop.order.placed.v1', 'fulfilOrder.completed.v1']));
  });
});
