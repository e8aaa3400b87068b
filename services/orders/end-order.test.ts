import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SAGAS_SOURCE } from '../../packages/contracts/src/saga-events.ts';
import { exampleOrder, OrderView, type Order } from '../../contracts/orders.ts';
import type { SagaEnd } from '../../packages/contracts/src/saga-view.ts';
import { EVENTS_STREAM } from '../../packages/contracts/src/protocol/streams.ts';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { connectPublisher, type Publisher } from '../../packages/events/src/broker/publisher.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { wireOrders } from './wiring.ts';

const run = crypto.randomUUID().slice(0, 8);
const natsUrl = inject('natsUrl');
let orders: ServiceUnderTest;
let publisher: Publisher;
beforeAll(async () => {
  orders = await startServiceUnderTest('orders', (parts) => wireOrders(parts, { natsUrl, durable: `ends-${run}` }));
  publisher = await connectPublisher(natsUrl, createLog('test', 'silent'));
});
afterAll(async () => {
  await publisher.close();
  await orders.close();
});

const placeNew = async (name: string): Promise<Order> => {
  const order = { ...exampleOrder, orderId: `${name}-${run}` };
  await orders.ask('POST /orders', order);
  return order;
};
const view = async (orderId: string) => OrderView.parse((await orders.ask(`GET /orders/${orderId}`)).json);
type Saga = 'fulfilOrder' | 'fulfilSplitOrder';
const sagaKey = (orderId: string, saga: Saga = 'fulfilOrder') => `${saga}:${orderId}/acceptOrder`;
const accept = (order: Order, saga?: Saga) =>
  orders.asSaga(sagaKey(order.orderId, saga), `/orders/${order.orderId}/accept`, order);

interface EndOptions {
  readonly code?: string;
  readonly repeat?: number;
  readonly result?: unknown;
  readonly saga?: Saga;
}

/** What the saga says at its end; `repeat` tells a delivery from the same one again, which the broker would drop. */
const end = (
  orderId: string,
  how: SagaEnd,
  { code = 'declined', repeat = 0, result = { trackingNumber: 'T1' }, saga = 'fulfilOrder' }: EndOptions = {},
) =>
  publisher.publish(
    newEvent({
      type: `${saga}.${how}.v1`,
      source: SAGAS_SOURCE,
      subject: orderId,
      // the same again would be dropped
      id: `${saga}:${orderId}/${how}${repeat === 0 ? '' : `/${repeat}`}`,
      data: {
        sagaId: `${saga}:${orderId}`,
        saga,
        key: orderId,
        status: how,
        result: how === 'completed' ? result : null,
        cause: how === 'completed' ? null : { step: 'authorizePayment', outcome: 'refused', code, message: 'no' },
        at: new Date().toISOString(),
      },
    }),
  );
const becomes = async (orderId: string, status: string): Promise<void> => {
  await expect.poll(async () => (await view(orderId)).status, { timeout: 10_000 }).toBe(status);
};

/** How many events the service was given and has not acknowledged, those put off included. */
const unacknowledged = async (): Promise<number> => {
  const broker = await connect({ servers: natsUrl });
  try {
    const manager = await jetstreamManager(broker);
    return (await manager.consumers.info(EVENTS_STREAM, `ends-${run}`)).num_ack_pending;
  } finally {
    await broker.close();
  }
};

describe('the end of a saga gives its order its final status', () => {
  it('completed: confirmed, with the tracking number', async () => {
    const order = await placeNew('completed');
    await accept(order);
    await end(order.orderId, 'completed');
    await becomes(order.orderId, 'confirmed');
    const confirmed = await view(order.orderId);
    expect(confirmed).toMatchObject({ trackingNumber: 'T1', reason: null });
    expect(confirmed.history.map((entry) => entry.status)).toEqual(['placed', 'accepted', 'confirmed']);
    expect(confirmed.history.map((entry) => entry.at)).toEqual(confirmed.history.map((entry) => entry.at).toSorted());
  });

  it.each([
    ['compensated', 'rejected', 'out-of-stock'],
    ['cancelled', 'cancelled', 'cancelled'],
  ] as const)('%s: %s, with the code of the cause as its reason', async (how, status, code) => {
    const order = await placeNew(how);
    await accept(order);
    await orders.asSaga(sagaKey(order.orderId), '/saga-operations/undo');
    await end(order.orderId, how, { code });
    await becomes(order.orderId, status);
    expect(await view(order.orderId)).toMatchObject({ reason: code, trackingNumber: null });
  });

  it('E3: repeats and other ends that come later change nothing', async () => {
    const order = await placeNew('repeats');
    await end(order.orderId, 'compensated', { code: 'declined' });
    await becomes(order.orderId, 'rejected');
    const first = await view(order.orderId);
    await end(order.orderId, 'compensated', { code: 'expired', repeat: 1 });
    await end(order.orderId, 'completed', { repeat: 2 });
    await end(order.orderId, 'cancelled', { repeat: 3 });
    const last = await placeNew('repeats-last');
    await end(last.orderId, 'completed');
    await becomes(last.orderId, 'confirmed');
    expect(await view(order.orderId)).toEqual(first);
  });

  it('an end of an order that is not here is acknowledged, and holds nobody up', async () => {
    await end(`nobody-${run}`, 'completed');
    const order = await placeNew('after-nobody');
    await end(order.orderId, 'completed');
    await becomes(order.orderId, 'confirmed');
    expect(await orders.ask(`GET /orders/nobody-${run}`)).toMatchObject({ status: 404 });
    await expect.poll(unacknowledged, { timeout: 10_000 }).toBe(0);
  });

  it('an end whose result says no tracking number confirms all the same', async () => {
    const order = await placeNew('no-number');
    await end(order.orderId, 'completed', { result: {} });
    await becomes(order.orderId, 'confirmed');
    expect(await view(order.orderId)).toMatchObject({ trackingNumber: null });
  });
});

describe('an order that two sagas are about', () => {
  const split = { saga: 'fulfilSplitOrder' } as const;
  const shipments = [
    { warehouse: 'w-1', shipmentId: 'h-1', trackingNumber: 'T1' },
    { warehouse: 'w-2', shipmentId: 'h-2', trackingNumber: 'T2' },
  ];

  it('is confirmed by the one that accepted it, with the tracking numbers of all its parcels', async () => {
    const order = { ...exampleOrder, orderId: `split-${run}` };
    await accept(order, 'fulfilSplitOrder');
    await end(order.orderId, 'completed', { ...split, result: { shipments } });
    await becomes(order.orderId, 'confirmed');
    expect(await view(order.orderId)).toMatchObject({ trackingNumber: 'T1, T2' });
  });

  it.each([
    ['compensated', 'rejected'],
    ['cancelled', 'cancelled'],
  ] as const)('%s: %s, when the one that accepted it has ended so', async (how, status) => {
    const order = { ...exampleOrder, orderId: `split-${how}-${run}` };
    await accept(order, 'fulfilSplitOrder');
    await orders.asSaga(sagaKey(order.orderId, 'fulfilSplitOrder'), '/saga-operations/undo');
    await end(order.orderId, how, split);
    await becomes(order.orderId, status);
    expect(await view(order.orderId)).toMatchObject({ reason: 'declined', trackingNumber: null });
  });

  it('cannot be cancelled here when its saga is not the one that a cancel reaches: 409 says which', async () => {
    const order = { ...exampleOrder, orderId: `split-cancel-${run}` };
    await accept(order, 'fulfilSplitOrder');
    expect(await orders.ask(`POST /orders/${order.orderId}/cancel`, { reason: 'why not' })).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:conflict', detail: expect.stringContaining(`fulfilSplitOrder:${order.orderId}`) },
    });
  });

  it('is not ended by one that was refused because the other has it, nor by one that never came to it', async () => {
    const order = await placeNew('held');
    await end(order.orderId, 'cancelled', split);
    await accept(order);
    expect(await accept(order, 'fulfilSplitOrder')).toMatchObject({ json: { type: 'urn:amends:refused:not-placed' } });
    await end(order.orderId, 'compensated', { ...split, code: 'not-placed' });
    const last = await placeNew('held-last');
    await end(last.orderId, 'completed');
    await becomes(last.orderId, 'confirmed');
    expect(await view(order.orderId)).toMatchObject({ status: 'accepted', reason: null });
    await end(order.orderId, 'completed');
    await becomes(order.orderId, 'confirmed');
  });

  it('that was released by one is the other’s that accepts it then, and the first one’s end comes too late', async () => {
    const order = await placeNew('passed-on');
    await accept(order);
    await orders.asSaga(sagaKey(order.orderId), '/saga-operations/undo');
    expect(await accept(order, 'fulfilSplitOrder')).toMatchObject({ status: 200 });
    await end(order.orderId, 'compensated');
    await end(order.orderId, 'completed', { ...split, result: { shipments } });
    await becomes(order.orderId, 'confirmed');
    expect((await view(order.orderId)).history.map(({ status }) => status)).toEqual([
      'placed',
      'accepted',
      'placed',
      'accepted',
      'confirmed',
    ]);
  });
});

describe('an order that has ended', () => {
  it('cannot be cancelled: 409, and accepting it is refused', async () => {
    const order = await placeNew('ended');
    await end(order.orderId, 'completed');
    await becomes(order.orderId, 'confirmed');
    expect(await orders.ask(`POST /orders/${order.orderId}/cancel`, { reason: 'late' })).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:conflict', detail: expect.stringContaining('confirmed') },
    });
    expect(await accept(order)).toMatchObject({ status: 409, json: { type: 'urn:amends:refused:not-placed' } });
    expect(await orders.ask('POST /orders', order)).toMatchObject({ status: 200, json: { status: 'confirmed' } });
  });

  it('stays confirmed when an undo comes late: the undo is refused; a rejected one has nothing to undo', async () => {
    const confirmed = await placeNew('late-undo');
    await accept(confirmed);
    await end(confirmed.orderId, 'completed');
    await becomes(confirmed.orderId, 'confirmed');
    expect(await orders.asSaga(sagaKey(confirmed.orderId), '/saga-operations/undo')).toMatchObject({ status: 409 });
    expect(await view(confirmed.orderId)).toMatchObject({ status: 'confirmed' });

    const rejected = await placeNew('late-undo-2');
    await accept(rejected);
    await end(rejected.orderId, 'compensated');
    await becomes(rejected.orderId, 'rejected');
    expect(await orders.asSaga(sagaKey(rejected.orderId), '/saga-operations/undo')).toMatchObject({ status: 200 });
    expect(await view(rejected.orderId)).toMatchObject({ status: 'rejected' });
  });
});
