import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** The event has to come while the fast lane still waits, for two seconds at most: on a busy machine it may not. */
const RETRY = { retry: 2 };

describe('a wait that has run out', RETRY, () => {
  it('S11 S1: is decided for good before anything follows from it: an event in a task that is lost changes nothing', async () => {
    const order = await anOrder(bench.shop);
    const { notifications, payments } = bench.shop.proxies;
    const id = `paysUnlessReturned:${order.orderId}`;
    const last = notifications.strike({ fault: 'held-answer', saga: id, op: 'do', step: 'notifyCustomer', times: 1 });
    const saga = await bench.start('paysUnlessReturned', order);
    await expect.poll(() => last.holds(), { timeout: 15_000, interval: 20 }).toBe(1);
    // the server refuses a task in whose last moment something comes, and all that it would have recorded
    await saga.handle.signal('event', { id: 'e', type: 'shop.return.received.v1', data: { came: 'late' } });
    last.release();
    const view = await saga.closed();

    const events = (await saga.handle.fetchHistory()).events ?? [];
    expect(events.filter((event) => event.workflowTaskFailedEventAttributes)).toHaveLength(1);
    expect(view).toMatchObject({ status: 'completed', result: 'paid', cause: null });
    expect(view.steps.find(({ name }) => name === 'receive')).toMatchObject({
      state: 'skipped',
      error: 'nothing came in time',
    });
    expect(await effectsOf(bench.shop, order)).toMatchObject({
      payments: ['captured'],
      notifications: ['order-confirmed'],
    });
    // who asked again asked the same
    expect(new Set(payments.seen.filter(({ key }) => key.startsWith(id)).map(({ op }) => op))).toEqual(new Set(['do']));
  });
});
