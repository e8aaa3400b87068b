import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../contracts/orders.ts';
import type { ReturnRequest } from '../contracts/returns.ts';
import type { ApproveRequest, EventMessage } from '../packages/contracts/src/saga-messages.ts';
import type { SagaTimes } from '../packages/contracts/src/saga-start.ts';
import { describeSaga } from '@amends/testing';
import { stage } from '../testing/stage.ts';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../testing/saga-bench.ts';
import { returnOrder } from './return-order.ts';
import { eventMessage } from '../packages/testing/src/bench/event-message.ts';

let bench: SagaBench;
const QUICK = { attempt: 1_500, budget: 4_000, undoBudget: 4_000 };

/** An order that was fulfilled, and the wish to give it back. */
const fulfilled = async (): Promise<Order> => {
  const order = await anOrder(bench.shop);
  expect((await (await bench.start('fulfilOrder', order)).closed()).status).toBe('completed');
  return order;
};
const requestOf = ({ orderId, customerId, lines, shipTo }: Order, amount = 1800): ReturnRequest => ({
  orderId,
  customerId,
  reason: 'too small',
  lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  amount: { amount, currency: 'EUR' },
  shipFrom: shipTo,
});
const startReturn = (request: ReturnRequest, steps: SagaTimes['steps'] = {}): Promise<RunningSaga> =>
  bench.start('returnOrder', request, { times: { steps: { '*': QUICK, ...steps } } });

const decide = (saga: RunningSaga, decision: ApproveRequest['decision']) =>
  saga.handle.executeUpdate<unknown, [ApproveRequest]>('approve', {
    args: [{ actor: 'ann', name: 'approveReturn', decision, reason: 'I looked at it' }],
    updateId: randomUUID(),
  });
const comesBack = (saga: RunningSaga, { orderId, lines }: ReturnRequest, condition: 'as-new' | 'damaged' = 'as-new') =>
  saga.handle.signal<[EventMessage]>('event', eventMessage('shop.return.received.v1', { orderId, lines, condition }));

const statesOf = async (service: 'inventory' | 'shipping' | 'payments', path: string, { orderId }: Order) =>
  (
    (await bench.shop.get(service, `${path}?orderId=${orderId}`)) as { items: { state?: string; amount?: number }[] }
  ).items.map(({ state, amount }) => state ?? amount);
const left = async (order: Order) => ({
  labels: await statesOf('shipping', '/return-labels', order),
  restockings: await statesOf('inventory', '/restockings', order),
  refunds: await statesOf('payments', '/refunds', order),
  payments: (await effectsOf(bench.shop, order)).payments,
  notifications: (await effectsOf(bench.shop, order)).notifications,
});
const NOTHING = {
  labels: [],
  restockings: [],
  refunds: [],
  payments: ['captured'],
  notifications: ['order-confirmed'],
};
const shelfOf = async ({ lines }: Order) => bench.shop.get('inventory', `/stock/${lines[0]?.sku}`);

describeSaga(returnOrder, stage);

describe('returnOrder', () => {
  beforeAll(async () => {
    bench = await startSagaBench();
  });
  afterAll(() => bench.close());

  it('S1 S8 S11: approved, sent, received as new: the goods are on the shelf again, and the money is back', async () => {
    const order = await fulfilled();
    const request = requestOf(order);
    const saga = await startReturn(request);
    await saga.until(({ steps }) => steps[0]?.state === 'running');
    expect(await left(order)).toEqual(NOTHING);
    await decide(saga, 'approved');
    await saga.until(({ steps }) => steps.find(({ name }) => name === 'receiveParcel')?.state === 'running');
    expect(await left(order)).toEqual({ ...NOTHING, labels: ['sent'] });
    await comesBack(saga, request);
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'completed', phase: 'retriable', cause: null });
    expect(view.result).toEqual({ refundId: expect.stringMatching(/^f-/) });
    expect(view.steps.map(({ name, kind, state, discharge }) => `${name} ${kind} ${state} ${discharge}`)).toEqual([
      'approveReturn approval done kept',
      'sendLabel compensable done kept',
      'receiveParcel event done kept',
      'restock compensable done kept',
      'refundPayment pivot done kept',
      'notifyCustomer retriable done kept',
    ]);
    expect(await left(order)).toEqual({
      labels: ['sent'],
      restockings: ['restocked'],
      refunds: [1800],
      payments: ['refunded'],
      notifications: ['order-confirmed', 'return-refunded'],
    });
    expect(await shelfOf(order)).toMatchObject({ available: 10, reserved: 0, shipped: 0 });
    expect(bench.published.map(({ id }) => id)).toContain(`${saga.id}/completed`);
  });

  it('S11: a parcel and an approval that come before they are waited for are kept', async () => {
    const order = await fulfilled();
    const request = requestOf(order);
    const saga = await startReturn(request);
    await comesBack(saga, request);
    await decide(saga, 'approved');
    expect((await saga.closed()).status).toBe('completed');
    expect((await left(order)).refunds).toEqual([1800]);
  });

  it('what came back damaged is refunded, and not sold again', async () => {
    const order = await fulfilled();
    const request = requestOf(order);
    const saga = await startReturn(request);
    await decide(saga, 'approved');
    await comesBack(saga, request, 'damaged');
    const view = await saga.closed();
    expect(view.steps.find(({ name }) => name === 'restock')).toMatchObject({ state: 'pending', discharge: null });
    expect(await left(order)).toMatchObject({ restockings: [], refunds: [1800], payments: ['refunded'] });
    expect(await shelfOf(order)).toMatchObject({ available: 8, shipped: 2 });
  });

  it('S11 S3: denied by a person: nothing happens, and the cause has what was said', async () => {
    const order = await fulfilled();
    const saga = await startReturn(requestOf(order));
    await decide(saga, 'denied');
    expect(await saga.closed()).toMatchObject({
      status: 'compensated',
      cause: { outcome: 'refused', code: 'return-denied', message: 'I looked at it' },
    });
    expect(await left(order)).toEqual(NOTHING);
  });

  it('S11: when nobody has answered in time it is denied', async () => {
    const order = await fulfilled();
    const saga = await startReturn(requestOf(order), { approveReturn: { within: 1_000 } });
    expect(await saga.closed()).toMatchObject({ status: 'compensated', cause: { code: 'return-denied' } });
    expect(await left(order)).toEqual(NOTHING);
  });

  it('S11 S5: when nothing came back in time the label is voided', async () => {
    const order = await fulfilled();
    const saga = await startReturn(requestOf(order), { receiveParcel: { within: 1_000 } });
    await decide(saga, 'approved');
    expect(await saga.closed()).toMatchObject({ status: 'compensated', cause: { code: 'parcel-not-received' } });
    expect(await left(order)).toEqual({ ...NOTHING, labels: ['voided'] });
  });

  it('S3 S5: when the refund is refused the goods are taken off the shelf again, and the label is voided', async () => {
    const order = await fulfilled();
    const request = requestOf(order, 1801);
    const saga = await startReturn(request);
    await decide(saga, 'approved');
    await comesBack(saga, request);
    expect(await saga.closed()).toMatchObject({
      status: 'compensated',
      cause: { step: 'refundPayment', code: 'exceeds-payment' },
    });
    expect(await left(order)).toEqual({ ...NOTHING, labels: ['voided'], restockings: ['withdrawn'] });
    expect(await shelfOf(order)).toMatchObject({ available: 8, reserved: 0, shipped: 2 });
  });

  it('S9: cancelled while it waits for the parcel: the label is voided, and it closes as cancelled', async () => {
    const order = await fulfilled();
    const saga = await startReturn(requestOf(order));
    await decide(saga, 'approved');
    await saga.until(({ steps }) => steps.find(({ name }) => name === 'receiveParcel')?.state === 'running');
    await saga.cancel();
    expect((await saga.closed()).status).toBe('cancelled');
    expect(await left(order)).toEqual({ ...NOTHING, labels: ['voided'] });
  });
});
