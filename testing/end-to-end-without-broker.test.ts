import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ReturnLabel } from '../contracts/shipping.ts';
import { welcome } from '../packages/amends/src/local/welcome.ts';
import { shopSystem } from './the-shop.ts';
import { ENDED_WITHIN_MS, FULFILLED, startSystemUnderTest, type SystemUnderTest } from './system-under-test.ts';

const START_MS = 180_000;
const WITHIN = { timeout: ENDED_WITHIN_MS, interval: 200 };

let system: SystemUnderTest;
beforeAll(async () => {
  system = await startSystemUnderTest({ NATS_URL: 'none', AMENDS_TIMES: '{"sweep":"5s"}' });
}, START_MS);

afterAll(() => system?.close(), START_MS);

const isRunning = (orderId: string) =>
  vi.waitFor(async () => expect((await system.sagaOf(orderId)).status).toBe('running'), WITHIN);

describe('the shop without a broker, every part a process', () => {
  it('E8: no NATS is started, everything is ready without it, and who starts the system is told', async () => {
    expect(system.processes().map(({ name }) => name)).not.toContain('nats');
    expect(existsSync(join(system.state, 'nats'))).toBe(false);
    for (const part of ['api', 'orders', 'shipping'] as const) {
      expect((await system.ask(part, 'GET', '/readyz')).status).toBe(200);
    }
    expect(welcome(shopSystem, system.urls)).toContain(`over HTTP, without a broker: ${system.urls.api}/events`);
  });

  it(
    'E8: an order that is placed is fulfilled, and its status comes back as an event',
    async () => {
      const order = await system.placed();
      const { history } = await system.orderUntil(order.orderId, 'confirmed');
      expect(history.map(({ status }) => status)).toEqual(['placed', 'accepted', 'confirmed']);
      expect(await system.effectsOf(order)).toMatchObject(FULFILLED);
      expect(await system.sagaOf(order.orderId)).toMatchObject({
        status: 'completed',
        trigger: { kind: 'event', type: 'shop.order.placed.v1', source: '/services/orders' },
      });
    },
    START_MS,
  );

  it(
    'E8: a refused country and a cancel end as they do with one',
    async () => {
      const refused = await system.placed({ shipTo: { country: 'SY' } });
      const cancelled = await system.placed({ paymentToken: 'tok_slow' });
      await isRunning(cancelled.orderId);
      const cancel = `/orders/${cancelled.orderId}/cancel`;
      expect((await system.ask('orders', 'POST', cancel, { reason: 'changed my mind' })).status).toBe(202);
      expect(await system.orderUntil(refused.orderId, 'rejected')).toMatchObject({ reason: 'country-not-served' });
      await system.orderUntil(cancelled.orderId, 'cancelled');
      for (const order of [refused, cancelled]) {
        const untouched = { available: 10, reserved: 0, shipped: 0 };
        expect(await system.effectsOf(order)).toMatchObject({ shipments: [], stock: untouched });
      }
    },
    START_MS,
  );

  it(
    'E8: a confirmed order comes back; shipping, told of its parcel, publishes that',
    async () => {
      const order = await system.placed();
      const { orderId, lines } = order;
      await system.orderUntil(orderId, 'confirmed');
      await system.returnAsked(orderId);
      const labelId = await vi.waitFor(async () => {
        const [label] = await system.itemsOf('shipping', '/return-labels', orderId);
        return ReturnLabel.parse(label).labelId;
      }, WITHIN);
      const goods = lines.map(({ sku, quantity }) => ({ sku, quantity }));
      const received = { lines: goods, condition: 'as-new' };
      const told = await system.ask('shipping', 'POST', `/return-labels/${labelId}/received`, received);
      expect(told.status).toBe(202);
      await system.orderUntil(orderId, 'returned');
      expect(await system.effectsOf(order)).toMatchObject({ payments: ['refunded'], stock: { available: 10 } });
    },
    START_MS,
  );

  it(
    'E6 E8 S14: a saga that somebody terminates is undone, and the run that does it tells the order',
    async () => {
      const order = await system.placed({ paymentToken: 'tok_slow' });
      await isRunning(order.orderId);
      const connection = await Connection.connect({ address: system.temporal });
      await new Client({ connection }).workflow.getHandle(`fulfilOrder:${order.orderId}`).terminate('a test');
      await connection.close();
      await system.orderUntil(order.orderId, 'rejected');
      expect(await system.effectsOf(order)).toMatchObject({ stock: { available: 10, reserved: 0, shipped: 0 } });
    },
    START_MS,
  );

  it(
    'E8: the API killed while orders are placed and cancelled, then the orders service while sagas end: every order ends, once',
    async () => {
      system.kill('api');
      const orders = await Promise.all(Array.from({ length: 5 }, () => system.placed()));
      const slow = await system.placed({ paymentToken: 'tok_slow' });
      await isRunning(slow.orderId);
      system.kill('orders');
      await Promise.all([...orders, slow].map(({ orderId }) => system.orderUntil(orderId, 'confirmed')));
      for (const order of [...orders, slow]) {
        const stock = { available: 8, reserved: 0, shipped: 2 };
        expect(await system.effectsOf(order)).toMatchObject({ ...FULFILLED, stock });
      }
      const dead = await system.ask('orders', 'GET', '/outbox/dead');
      expect(await dead.json()).toEqual({ items: [], next: null });
    },
    START_MS,
  );
});
