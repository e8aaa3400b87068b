import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelSaga } from '../../packages/client/src/acts/cancel-saga.ts';
import { startEarly, type CameEarly } from '../../packages/client/src/starts/start-early.ts';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import { isUnavailable } from '../../packages/contracts/src/protocol/unavailable.ts';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import type { Order } from '../../contracts/orders.ts';
import type { ReturnRequest } from '../../contracts/returns.ts';
import type { Trigger } from '../../packages/contracts/src/saga-view.ts';
import type { TimesTable } from '../../packages/runtime/src/times.ts';
import { recordedCalls } from '../../packages/testing/src/reading/read-history.ts';
import { anOrder, effectsOf, runningSaga, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { eventMessage } from '../../packages/testing/src/bench/event-message.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const SOON_MS = 500;
const LONG_MS = 120_000;
const WITHIN = { timeout: 30_000, interval: 100 };
const QUICK = { attempt: 1_500, budget: 4_000, undoBudget: 4_000 };
const patient: TimesTable = { entries: { '*': QUICK } };
const soon: TimesTable = { entries: { '*': { ...QUICK, startWithin: SOON_MS } } };
const RECEIVED = 'shop.return.received.v1';

const triggerOf = (type: string): Trigger => ({ kind: 'event', id: randomUUID(), type, source: '/test' });
const early = triggerOf('came.early.v1');
const ordered = triggerOf('shop.order.placed.v1');
const cancelled = { actor: '/test', reason: 'changed my mind' };
const received = ({ orderId, lines }: Order) =>
  eventMessage(
    RECEIVED,
    { orderId, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })), condition: 'as-new' },
    'e-1',
  );
const requestOf = ({ orderId, customerId, lines, shipTo }: Order): ReturnRequest => ({
  orderId,
  customerId,
  reason: 'too small',
  lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  amount: { amount: 1800, currency: 'EUR' },
  shipFrom: shipTo,
});

/** What came early of an order's saga. */
const comes = async (saga: string, { orderId: key }: Order, came: CameEarly, times = patient) => {
  expect(await startEarly(bench.client, { saga, key, trigger: early, times, ...came })).toBe('kept');
  const id = `${saga}:${key}`;
  return runningSaga(id, key, bench.client.workflow.getHandle(id));
};
const begin = (saga: string, input: unknown, times = patient) =>
  startSaga(bench.client, { saga, input, trigger: ordered, times });
/** As a sender that is told to come again: a task that a worker took with it keeps what came out of the history for 5 s. */
const beginAtLast = async (saga: string, input: unknown): ReturnType<typeof begin> => {
  for (let again = 1; ; again++) {
    try {
      return await begin(saga, input);
    } catch (error) {
      if (!isUnavailable(error) || again === 3) throw error;
    }
  }
};
const endsOf = (id: string) => bench.published.filter(({ data }) => data.sagaId === id).map(({ type }) => type);
const closedAs = async (id: string) => (await bench.client.workflow.getHandle(id).describe()).status.name;
const NOTHING = { reservations: [], payments: [], shipments: [], notifications: [] };

describe('a saga of which a cancel came before its start', () => {
  it('E4 S14: begins cancelled: its start is taken, participants are asked and have nothing, and it ends as cancelled, here, in Temporal and for everybody', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes('fulfilOrder', order, { cancelled });
    const waiting = await saga.until(({ audit }) => audit.length === 1);
    expect(waiting).toMatchObject({
      status: 'running',
      phase: 'compensable',
      trigger: early,
      input: null,
      result: null,
      cause: null,
      deadlineAt: null,
      closedAt: null,
      audit: [{ actor: '/test', action: 'cancel', step: null, reason: 'changed my mind' }],
    });
    expect(waiting.steps.every(({ state }) => state === 'pending')).toBe(true);

    const started = await begin('fulfilOrder', order);
    if (started.outcome !== 'started') throw new Error(started.outcome);
    const view = await saga.closed();
    expect(view).toMatchObject({
      status: 'cancelled',
      startedAt: started.start.startedAt,
      trigger: ordered,
      input: order,
      cause: { step: null, outcome: 'cancelled', code: 'cancelled', message: 'changed my mind' },
      audit: waiting.audit,
    });
    expect(Date.parse(view.deadlineAt ?? '') - Date.parse(view.startedAt)).toBe(2 * 3_600_000);
    expect(view.version).toBeGreaterThan(waiting.version);
    expect(view.steps.every(({ state, discharge }) => state === 'pending' && discharge === null)).toBe(true);
    expect(await closedAs(saga.id)).toBe('CANCELLED');
    expect(endsOf(saga.id)).toEqual(['fulfilOrder.cancelled.v1']);
    const types = (await recordedCalls(saga.handle)).map(({ type }) => type);
    const seals = ['Inventory', 'Notifications', 'Orders', 'Payments', 'Shipping'].map((service) => `seal${service}`);
    expect(types.filter((type) => !seals.includes(type))).toEqual([
      'settleCapturePayment',
      'engine:requestCancel',
      'engine:publishEvent',
    ]);
    expect(await effectsOf(bench.shop, order)).toEqual(NOTHING);
  });

  it('E4 E3: a repeat of its start is a duplicate, other data a conflict, before and after it has ended', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes('fulfilOrder', order, { cancelled });
    const other = { ...order, paymentToken: 'tok_other' };
    await expect.poll(() => saga.view(), WITHIN).toMatchObject({ input: null });
    await bench.stopWorkers();
    try {
      const others = await Promise.all(Array.from({ length: 5 }, () => beginAtLast('fulfilOrder', order)));
      const outcomes = others.map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'started').length).toBeLessThanOrEqual(1);
      expect(new Set([...outcomes, 'started'])).toEqual(new Set(['started', 'duplicate']));
      expect((await beginAtLast('fulfilOrder', other)).outcome).toBe('conflict');
    } finally {
      await bench.startWorkers();
    }
    expect(await saga.closed()).toMatchObject({ status: 'cancelled', input: order });
    expect((await begin('fulfilOrder', order)).outcome).toBe('duplicate');
    expect((await begin('fulfilOrder', other)).outcome).toBe('conflict');
    const { memo } = await saga.handle.describe();
    expect(memo).toMatchObject({ fingerprint: expect.any(String) });
  });

  it('E4: is cancelled once: further cancels are taken while it waits and when it has ended', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes('fulfilOrder', order, { cancelled });
    expect(
      await startEarly(bench.client, {
        saga: 'fulfilOrder',
        key: order.orderId,
        trigger: early,
        times: patient,
        cancelled,
      }),
    ).toBe('there');
    const again = () => cancelSaga(bench.client, { id: saga.id, actor: 'ann', reason: 'again' });
    expect(await again()).toMatchObject({ outcome: 'cancelled', view: { status: 'running', input: null } });
    await begin('fulfilOrder', order);
    expect(await saga.closed()).toMatchObject({ status: 'cancelled', cause: { message: 'changed my mind' } });
    expect(await again()).toMatchObject({ outcome: 'cancelled', view: { status: 'cancelled' } });
    expect(endsOf(saga.id)).toEqual(['fulfilOrder.cancelled.v1']);
  });

  it('E4: closes as cancelled when its start does not come in time, and tells nobody; one that comes later begins anew', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes('fulfilOrder', order, { cancelled }, soon);
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'cancelled', input: null, cause: { step: null, outcome: 'cancelled' } });
    expect(view.cause?.message).toMatch(/^what starts it had not come by .*Z; it was cancelled: changed my mind$/);
    expect(await closedAs(saga.id)).toBe('CANCELLED');
    expect(endsOf(saga.id)).toEqual([]);
    expect(await cancelSaga(bench.client, { id: saga.id, ...cancelled })).toBe('closed');

    const begun = await Promise.all(Array.from({ length: 3 }, () => begin('fulfilOrder', order)));
    expect(begun.map(({ outcome }) => outcome).toSorted()).toEqual(['duplicate', 'duplicate', 'started']);
    expect(await saga.closed()).toMatchObject({ status: 'completed', input: order });
  });

  it('E4: a start that comes while the run is giving up is not lost: the saga begins', async () => {
    const order = await anOrder(bench.shop);
    const event = eventMessage(RECEIVED, null);
    let told: string | undefined;
    bench.hooks.beforeCancel = async (id) => {
      if (id === `fulfilOrder:${order.orderId}`) told ??= (await begin('fulfilOrder', order)).outcome;
    };
    const saga = await comes('fulfilOrder', order, { event }, soon);
    await expect.poll(async () => (await viewSaga(bench.client, saga.id))?.closedAt, WITHIN).not.toBeNull();
    delete bench.hooks.beforeCancel;
    expect(['started', 'duplicate']).toContain(told);
    expect(await viewSaga(bench.client, saga.id)).toMatchObject({ status: 'completed', input: order });
    expect(endsOf(saga.id)).toEqual(['fulfilOrder.completed.v1']);
  });
});

describe('a saga of which an event came before its start', () => {
  it('E4 S11: keeps it: the saga finds it when it comes to wait, and `within` counts from there', async () => {
    const order = await anOrder(bench.shop);
    expect((await (await bench.start('fulfilOrder', order)).closed()).status).toBe('completed');
    const saga = await comes('returnOrder', order, { event: received(order) });
    await saga.handle.signal('event', received(order));
    const request = requestOf(order);
    const times: TimesTable = { entries: { '*': QUICK, 'returnOrder.approveReturn': { within: 30_000 } } };
    expect((await begin('returnOrder', request, times)).outcome).toBe('started');
    const asked = await saga.until(({ steps }) => steps[0]?.state === 'running');
    expect(Date.parse(asked.steps[0]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(asked.startedAt));
    await saga.act('approve', { name: 'approveReturn', decision: 'approved' });
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'completed', input: request, trigger: ordered });
    expect(view.steps.find(({ name }) => name === 'receiveParcel')).toMatchObject({ state: 'done', discharge: 'kept' });
    expect(endsOf(saga.id)).toEqual(['returnOrder.completed.v1']);
  });

  it('E4: may be cancelled while it waits, by its caller and straight in Temporal: then it begins cancelled', async () => {
    for (const how of ['its caller', 'Temporal']) {
      const order = await anOrder(bench.shop);
      const saga = await comes('returnOrder', order, { event: received(order) });
      if (how === 'Temporal') await saga.handle.cancel();
      else await saga.cancel();
      expect(await saga.until(({ audit }) => audit.length === 1), how).toMatchObject({
        status: 'running',
        input: null,
      });
      await begin('returnOrder', requestOf(order));
      expect(await saga.closed(), how).toMatchObject({ status: 'cancelled', input: requestOf(order) });
      expect(await closedAs(saga.id)).toBe('CANCELLED');
      expect(endsOf(saga.id)).toEqual(['returnOrder.cancelled.v1']);
    }
  });

  it('E4: closes as cancelled when its start does not come in time, and its cause says so', async () => {
    const saga = await comes(
      'returnOrder',
      await anOrder(bench.shop),
      { event: received(await anOrder(bench.shop)) },
      soon,
    );
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'cancelled', input: null, trigger: early });
    expect(view.cause?.message).toMatch(/^what starts it had not come by [-\dT:.]+Z$/);
    expect(endsOf(saga.id)).toEqual([]);
  });

  it('E4: takes no act of an operator while it waits, and says why', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes('returnOrder', order, { event: received(order) });
    const asked: [Parameters<typeof saga.act>[0], object][] = [
      ['retry', { step: 'sendLabel' }],
      ['skip', { step: 'sendLabel' }],
      ['resolve', { step: 'sendLabel', output: {} }],
      ['approve', { name: 'approveReturn', decision: 'approved' }],
    ];
    for (const [update, request] of asked) {
      await expect(saga.act(update, request), update).rejects.toMatchObject({
        cause: { message: 'the saga has not begun: what starts it has not come yet' },
      });
    }
    expect((await saga.view()).audit).toEqual([]);
  });

  it(
    'E4 S18: goes on waiting in a new run when its history grows long, with what came, its cancel and its time',
    async () => {
      const order = await anOrder(bench.shop);
      const saga = await comes('returnOrder', order, { event: received(order) });
      const { startedAt } = await saga.view();
      const { runId } = await saga.handle.describe();
      await saga.cancel();
      const large = { id: 'x', type: 'nobody.waits.v1', data: 'x'.repeat(300_000) };
      let latest = runId;
      for (let n = 0; latest === runId && n < 40; n++) {
        await saga.handle.signal('event', large);
        // a task for each: a worker that lost its cache could not read all of it in one message
        await saga.until(() => true);
        latest = (await saga.handle.describe()).runId;
      }
      expect(latest).not.toBe(runId);
      expect(await saga.view()).toMatchObject({
        startedAt,
        status: 'running',
        input: null,
        audit: [{ action: 'cancel' }],
      });
      await begin('returnOrder', requestOf(order));
      expect(await saga.closed()).toMatchObject({ status: 'cancelled', input: requestOf(order) });
    },
    LONG_MS,
  );
});
