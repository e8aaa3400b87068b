import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';
import type { Strike } from '../../packages/testing/src/faults/fault-rule.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** Sends a cancel into the last moment of the saga's only workflow task: the server refuses the task, and all that it would have recorded. */
const cancelAtTheLast = async (saga: RunningSaga, last: Strike): Promise<void> => {
  await expect.poll(() => last.holds(), { timeout: 15_000, interval: 20 }).toBe(1);
  await saga.handle.cancel();
  last.release();
};

const failedTasks = async ({ handle }: RunningSaga): Promise<number> =>
  ((await handle.fetchHistory()).events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;

/** The cancel has to come while the fast lane still waits, for two seconds at most: on a busy machine it may not. */
const RETRY = { retry: 2 };

describe('a workflow task that is lost takes its memory along', RETRY, () => {
  it('S1 S7: the run that knows nothing settles the pivot, finds it done, and goes forward under the same keys', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const { notifications, payments } = bench.shop.proxies;
    const last = notifications.strike({ fault: 'held-answer', saga: id, op: 'do', step: 'notifyCustomer', times: 1 });
    const saga = await bench.start('fulfilOrder', order);
    await cancelAtTheLast(saga, last);
    const view = await saga.closed();

    expect(await failedTasks(saga)).toBe(1);
    expect(payments.seen.filter(({ key }) => key.startsWith(id)).map(({ op }) => op)).toEqual([
      'do',
      'do',
      'settle',
      'do',
    ]);
    expect(view).toMatchObject({ status: 'completed', cause: null, audit: [{ actor: 'temporal', action: 'cancel' }] });
    expect(await effectsOf(bench.shop, order)).toEqual({
      reservations: ['shipped'],
      payments: ['captured'],
      shipments: ['booked'],
      notifications: ['order-confirmed'],
    });
  });

  it('S1 S9: a cancel that refused the task in which all was done undoes all of it', async () => {
    const order = await anOrder(bench.shop);
    const id = `reservesOnly:${order.orderId}`;
    const { inventory } = bench.shop.proxies;
    const last = inventory.strike({ fault: 'held-answer', saga: id, op: 'do', step: 'reserveStock', times: 1 });
    const saga = await bench.start('reservesOnly', order);
    await cancelAtTheLast(saga, last);
    const view = await saga.closed();

    expect(await failedTasks(saga)).toBe(1);
    expect(view).toMatchObject({ status: 'cancelled', steps: [{ name: 'reserveStock', discharge: 'compensated' }] });
    const asked = inventory.seen.filter(({ key }) => key.startsWith(id)).map(({ op }) => op);
    expect(asked.slice(-2)).toEqual(['seal', 'undo']);
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });

  it('S13: what failed first is kept, also when the task is lost in which everything was undone', async () => {
    const order = { ...(await anOrder(bench.shop)), paymentToken: 'tok_declined' };
    const id = `fulfilOrder:${order.orderId}`;
    const last = bench.shop.proxies.orders.strike({
      fault: 'held-answer',
      saga: id,
      op: 'undo',
      step: 'acceptOrder',
      times: 1,
    });
    const saga = await bench.start('fulfilOrder', order);
    await cancelAtTheLast(saga, last);
    const view = await saga.closed();

    expect(await failedTasks(saga)).toBe(1);
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'authorizePayment', code: 'declined' } });
    expect(await effectsOf(bench.shop, order)).toMatchObject({
      reservations: ['released'],
      payments: [],
      shipments: [],
    });
  });

  it('S8: without a pivot, a retriable step that is done tells that the point was passed: the saga goes forward', async () => {
    const order = await anOrder(bench.shop);
    const id = `withoutPivot:${order.orderId}`;
    const { notifications } = bench.shop.proxies;
    const last = notifications.strike({ fault: 'held-answer', saga: id, op: 'do', step: 'notifyCustomer', times: 1 });
    const saga = await bench.start('withoutPivot', order);
    await cancelAtTheLast(saga, last);
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'completed', result: 'told' });
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['reserved']);
  });

  it('S8: without a pivot, the point is in the history before the first retriable step is asked for', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('withoutPivot', order);
    await saga.closed();
    const events = (await saga.handle.fetchHistory()).events ?? [];
    const completed = events.findIndex((event) => event.workflowTaskCompletedEventAttributes);
    const told = events.findIndex((event) =>
      Buffer.from(event.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0]?.data ?? []).includes(
        'notifyCustomer',
      ),
    );
    const ended = events.filter((event, at) => at < told && event.workflowTaskCompletedEventAttributes);
    expect(completed).toBeGreaterThan(0);
    expect(ended).toHaveLength(2);
  });
});
