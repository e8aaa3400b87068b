import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

/** S9's bound: 80 % of the workflow task's timeout of 5 s. */
const SEEN_WITHIN_MS = 4_000;
/** On its way to the server and back, on a busy machine. */
const SLACK_MS = 1_500;
/** Each step takes so long and still ends in the fast lane: one task has work for 10 s. */
const SLOW_MS = 1_400;

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const slowSaga = async () => {
  const order = await anOrder(bench.shop);
  const id = `fulfilOrder:${order.orderId}`;
  const { orders, inventory, payments, shipping } = bench.shop.proxies;
  const late = { op: 'do', saga: id, fault: 'late', delayMs: SLOW_MS } as const;
  orders.strike({ ...late, step: 'acceptOrder' });
  inventory.strike({ ...late, step: 'reserveStock' });
  payments.strike({ ...late, step: 'authorizePayment' });
  shipping.strike({ ...late, step: 'bookShipment' });
  const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
  await vi.waitFor(() => expect(orders.seen.some(({ key }) => key === `${id}/acceptOrder`)).toBe(true), {
    timeout: 5_000,
    interval: 10,
  });
  return { order, saga };
};

const settledAt = (id: string): number | undefined =>
  bench.shop.proxies.payments.seen.find(({ op, key }) => op === 'settle' && key === `${id}/capturePayment`)?.at;

describe('a saga busy in its fast lane', () => {
  it.each<[string, (saga: Awaited<ReturnType<typeof slowSaga>>['saga']) => Promise<unknown>]>([
    ['by an Update', (saga) => saga.cancel()],
    ['in Temporal', (saga) => saga.handle.cancel()],
  ])('S9: sees a cancel %s within 4 seconds, and undoes what it has done meanwhile', async (_, cancel) => {
    const { order, saga } = await slowSaga();
    const asked = Date.now();
    const answered = cancel(saga);
    const view = await saga.closed();
    await answered;
    expect(view.status).toBe('cancelled');
    // the pivot is settled when the call that was in flight has ended, and why is on record
    const settled = (settledAt(saga.id) ?? Number.POSITIVE_INFINITY) - asked;
    expect(settled).toBeLessThan(SEEN_WITHIN_MS + SLOW_MS + SLACK_MS);
    expect(await effectsOf(bench.shop, order)).toMatchObject({ notifications: [] });
    const { reservations, payments, shipments } = await effectsOf(bench.shop, order);
    for (const state of [...reservations, ...payments, ...shipments])
      expect(state).toMatch(/released|voided|cancelled/);
  });
});
