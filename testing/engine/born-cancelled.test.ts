import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelSaga } from '../../packages/client/src/acts/cancel-saga.ts';
import { startEarly } from '../../packages/client/src/starts/start-early.ts';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import { anOrder, effectsOf, runningSaga, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const SOON = { timeout: 15_000, interval: 50 };
const LONG_MS = 60_000;
const times = { entries: { '*': { attempt: 1_500, budget: 30_000, undoBudget: 30_000 } } };
const trigger = { kind: 'event', id: randomUUID(), type: 'shop.order.placed.v1', source: '/test' } as const;
const cancelled = { actor: '/test', reason: 'changed my mind' };
const endsOf = (id: string) => bench.published.filter(({ data }) => data.sagaId === id).map(({ type }) => type);

/** Forgets a saga in the middle, then cancels its order, whose start comes once more. */
const forgottenThenCancelled = async (saga: RunningSaga, name: string, input: unknown): Promise<RunningSaga> => {
  await bench.client.workflowService.deleteWorkflowExecution({
    namespace: bench.namespace,
    workflowExecution: { workflowId: saga.id },
  });
  const gone = () =>
    saga.handle.describe().then(
      () => false,
      () => true,
    );
  await expect.poll(gone, SOON).toBe(true);
  expect(await startEarly(bench.client, { saga: name, key: saga.key, trigger, times, cancelled })).toBe('kept');
  expect((await startSaga(bench.client, { saga: name, input, trigger, times })).outcome).toBe('started');
  return runningSaga(saga.id, saga.key, bench.client.workflow.getHandle(saga.id));
};

describe('S14 E4: a saga that was deleted in the middle, cancelled, and started again', () => {
  it(
    'undoes what participants have of it before it says cancelled, and is compensating meanwhile',
    async () => {
      const order = await anOrder(bench.shop);
      const id = `fulfilOrder:${order.orderId}`;
      const { payments, shipping } = bench.shop.proxies;
      const strike = payments.strike({ fault: 'down', saga: id, op: 'do', step: 'capturePayment' });
      const before = await bench.start('fulfilOrder', order, {
        times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
      });
      await before.until(({ phase }) => phase === 'pivot');
      await expect.poll(() => strike.struck(), SOON).toBeGreaterThan(3);
      expect(await effectsOf(bench.shop, order)).toMatchObject({
        reservations: ['reserved'],
        payments: ['authorized'],
        shipments: ['booked'],
      });
      const slow = shipping.strike({ fault: 'down', saga: id, op: 'seal' });
      const saga = await forgottenThenCancelled(before, 'fulfilOrder', order);
      await expect
        .poll(() => viewSaga(bench.client, id), SOON)
        .toMatchObject({ status: 'compensating', cause: { outcome: 'cancelled' } });
      slow.lift();
      strike.lift();
      const view = await saga.closed();
      expect(view).toMatchObject({
        status: 'cancelled',
        cause: { step: null, outcome: 'cancelled', message: 'changed my mind' },
      });
      expect(await effectsOf(bench.shop, order)).toMatchObject({
        reservations: ['released'],
        payments: ['voided'],
        shipments: ['cancelled'],
      });
      expect(endsOf(id)).toEqual(['fulfilOrder.cancelled.v1']);
      expect((await saga.handle.describe()).status.name).toBe('CANCELLED');
    },
    LONG_MS,
  );

  it(
    'goes forward when its pivot was done: what was captured is shipped, and a further cancel is refused',
    async () => {
      const order = await anOrder(bench.shop);
      const id = `fulfilOrder:${order.orderId}`;
      const strike = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
      const before = await bench.start('fulfilOrder', order, {
        times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
      });
      await before.until(({ phase }) => phase === 'retriable');
      await expect.poll(() => strike.struck(), SOON).toBeGreaterThan(3);
      const saga = await forgottenThenCancelled(before, 'fulfilOrder', order);
      await expect
        .poll(() => viewSaga(bench.client, id), SOON)
        .toMatchObject({ phase: 'retriable', status: 'running' });
      expect(await cancelSaga(bench.client, { id, ...cancelled })).toBe('past-pivot');
      strike.lift();
      expect(await saga.closed()).toMatchObject({
        status: 'completed',
        cause: null,
        audit: [{ action: 'cancel' }, { action: 'cancel', reason: 'ignored: past the point of no return' }],
      });
      expect(await effectsOf(bench.shop, order)).toMatchObject({
        reservations: ['shipped'],
        payments: ['captured'],
        shipments: ['booked'],
      });
      expect(endsOf(id)).toEqual(['fulfilOrder.completed.v1']);
      expect(await cancelSaga(bench.client, { id, ...cancelled })).toBe('closed');
    },
    LONG_MS,
  );

  it(
    'S11: undoes what its child has completed, too',
    async () => {
      const order = await anOrder(bench.shop);
      const [line] = order.lines;
      const input = { ...order, lines: [{ ...line, warehouse: 'w-1' }] };
      const id = `fulfilSplitOrder:${order.orderId}`;
      const strike = bench.shop.proxies.payments.strike({ fault: 'down', saga: id, op: 'do', step: 'capturePayment' });
      const before = await bench.start('fulfilSplitOrder', input, {
        times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
      });
      await before.until(({ phase }) => phase === 'pivot');
      await expect.poll(() => strike.struck(), SOON).toBeGreaterThan(3);
      const saga = await forgottenThenCancelled(before, 'fulfilSplitOrder', input);
      strike.lift();
      expect(await saga.closed()).toMatchObject({ status: 'cancelled' });
      expect(await effectsOf(bench.shop, order)).toMatchObject({
        shipments: ['cancelled'],
        payments: ['voided'],
        reservations: ['released'],
      });
    },
    LONG_MS,
  );
});
