import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SAGAS_SOURCE } from '../../packages/contracts/src/saga-events.ts';
import type { EventType } from '../../contracts/events.ts';
import { events } from '../../contracts/events.ts';
import { exampleOrder, OrderView, type Order, type OrderStatus } from '../../contracts/orders.ts';
import type { SagaEnd } from '../../packages/contracts/src/saga-view.ts';
import { consume } from '../../packages/events/src/broker/consumer.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { connectPublisher, type Publisher } from '../../packages/events/src/broker/publisher.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import type { Running } from '../../packages/runtime/src/process.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { wireOrders } from './wiring.ts';

const run = crypto.randomUUID().slice(0, 8);
const requested: KnownEvent[] = [];
let orders: ServiceUnderTest;
let publisher: Publisher;
let listener: Running;
beforeAll(async () => {
  const natsUrl = inject('natsUrl');
  const log = createLog('test', 'silent');
  orders = await startServiceUnderTest('orders', (parts) => wireOrders(parts, { natsUrl, durable: `returns-${run}` }));
  publisher = await connectPublisher(natsUrl, log);
  listener = await consume({
    natsUrl,
    contracts: events,
    durable: `returns-test-${run}`,
    types: ['shop.return.requested.v1'],
    handle: async (event) => {
      requested.push(event);
      return 'taken';
    },
    log,
  });
});
afterAll(async () => {
  await listener.close();
  await publisher.close();
  await orders.close();
});

/** The machine may be busy. */
const soon = { timeout: 10_000 };
/** Long enough for a second event to come, were there one. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 600));
const view = async (orderId: string) => OrderView.parse((await orders.ask(`GET /orders/${orderId}`)).json);
const becomes = async (orderId: string, status: OrderStatus): Promise<void> => {
  await expect.poll(async () => (await view(orderId)).status, soon).toBe(status);
};
const giveBack = (orderId: string, reason = 'too small') => orders.ask(`POST /orders/${orderId}/returns`, { reason });
const requestsOf = (orderId: string) => requested.filter(({ subject }) => subject === orderId);

const ends = (
  saga: 'fulfilOrder' | 'returnOrder',
  orderId: string,
  how: SagaEnd,
  { code = 'return-denied', repeat = 0 } = {},
) =>
  publisher.publish(
    newEvent({
      type: `${saga}.${how}.v1` satisfies EventType,
      source: SAGAS_SOURCE,
      subject: orderId,
      // the same again would be dropped
      id: `${saga}:${orderId}/${how}${repeat === 0 ? '' : `/${repeat}`}`,
      data: {
        sagaId: `${saga}:${orderId}`,
        saga,
        key: orderId,
        status: how,
        result: how === 'completed' ? { trackingNumber: 'T1', refundId: 'f-1' } : null,
        cause: how === 'completed' ? null : { step: null, outcome: 'refused', code, message: 'no' },
        at: new Date().toISOString(),
      },
    }),
  );

const placed = async (name: string, change: Partial<Order> = {}): Promise<Order> => {
  const order = { ...exampleOrder, orderId: `${name}-${run}`, ...change };
  expect((await orders.ask('POST /orders', order)).status).toBe(201);
  return order;
};
const confirmed = async (name: string, change?: Partial<Order>): Promise<Order> => {
  const order = await placed(name, change);
  await ends('fulfilOrder', order.orderId, 'completed');
  await becomes(order.orderId, 'confirmed');
  return order;
};

describe('POST /orders/{orderId}/returns', () => {
  it('asks for all of the order to come back from where it went, once, however often it is asked: 202, one event', async () => {
    const lines = [
      { sku: 'mug', quantity: 2, unitPrice: 900 },
      { sku: 'pot', quantity: 1, unitPrice: 2500 },
      { sku: 'mug', quantity: 1, unitPrice: 800 },
    ];
    const { orderId } = await confirmed('ask', { lines, shipTo: { country: 'DE', city: 'Köln' } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => giveBack(orderId)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(await giveBack(orderId, 'another reason')).toMatchObject({ json: { orderId, status: 'confirmed' } });
    await expect.poll(() => requestsOf(orderId).length, soon).toBe(1);
    await settled();
    expect(requestsOf(orderId)).toMatchObject([{ source: '/services/orders', subject: orderId }]);
    expect(requestsOf(orderId)[0]?.data).toEqual({
      orderId,
      customerId: 'c-1',
      reason: 'too small',
      lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
      amount: { amount: 5100, currency: 'EUR' },
      shipFrom: { country: 'DE', city: 'Köln' },
    });
  });

  it('says 409 of an order that is not confirmed, and tells nobody', async () => {
    const { orderId } = await placed('early');
    expect(await giveBack(orderId)).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:conflict', detail: expect.stringContaining('placed') },
    });
    await ends('fulfilOrder', orderId, 'cancelled');
    await becomes(orderId, 'cancelled');
    expect(await giveBack(orderId)).toMatchObject({ status: 409 });
    await settled();
    expect(requestsOf(orderId)).toEqual([]);
  });

  it('says 404 of an unknown order, 422 without a reason or of an id that cannot be, 400 without JSON', async () => {
    expect(await giveBack('nobody')).toMatchObject({ status: 404, json: { type: 'urn:amends:not-found' } });
    const { orderId } = await placed('no-reason');
    expect(await giveBack(orderId, '')).toMatchObject({ status: 422, json: { errors: [{ path: 'reason' }] } });
    expect(await orders.ask('POST /orders/a%2Fb/returns', { reason: 'x' })).toMatchObject({ status: 422 });
    expect(await orders.ask(`POST /orders/${orderId}/returns`)).toMatchObject({ status: 400 });
  });
});

describe('the end of a return', () => {
  it('completed: the order is returned, keeps its tracking number, and neither comes back nor is cancelled again', async () => {
    const { orderId } = await confirmed('done');
    await giveBack(orderId);
    await ends('returnOrder', orderId, 'completed');
    await becomes(orderId, 'returned');
    const returned = await view(orderId);
    expect(returned).toMatchObject({ trackingNumber: 'T1', reason: null });
    expect(returned.history.map(({ status }) => status)).toEqual(['placed', 'confirmed', 'returned']);
    for (const path of ['returns', 'cancel']) {
      expect(await orders.ask(`POST /orders/${orderId}/${path}`, { reason: 'again' })).toMatchObject({
        status: 409,
        json: { detail: `order ${orderId} is returned` },
      });
    }
  });

  it.each(['compensated', 'cancelled'] as const)(
    '%s: the order stays confirmed, and a second return is refused with why the first came to nothing',
    async (how) => {
      const { orderId } = await confirmed(`undone-${how}`);
      await giveBack(orderId);
      await ends('returnOrder', orderId, how, { code: 'parcel-not-received' });
      await expect.poll(async () => (await giveBack(orderId)).status, soon).toBe(409);
      expect(await giveBack(orderId)).toMatchObject({
        json: { type: 'urn:amends:conflict', detail: expect.stringContaining('(parcel-not-received)') },
      });
      expect((await view(orderId)).history.map(({ status }) => status)).toEqual(['placed', 'confirmed']);
      await settled();
      expect(requestsOf(orderId)).toHaveLength(1);
    },
  );

  it('E3: repeats and other ends that come later change nothing', async () => {
    const { orderId } = await confirmed('repeats');
    await ends('returnOrder', orderId, 'completed');
    await becomes(orderId, 'returned');
    const first = await view(orderId);
    await ends('returnOrder', orderId, 'completed', { repeat: 1 });
    await ends('returnOrder', orderId, 'compensated', { repeat: 2 });
    await ends('fulfilOrder', orderId, 'completed', { repeat: 3 });
    await ends('returnOrder', `nobody-${run}`, 'completed');
    await confirmed('repeats-last');
    expect(await view(orderId)).toEqual(first);
  });
});
