import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Strike } from '../fault-rule.ts';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 60_000;
const PATIENT = { times: { steps: { '*': { attempt: 30_000, budget: 120_000 } } } };
/** So long a pivot that may begin is not kept waiting. */
const A_WHILE_MS = 1_000;

/** A saga whose run has come to its limit while a call is slow: its pivot wants to begin, and may not. */
const pivotAtTheLimit = async () => {
  const order = await anOrder(bench.shop);
  const id = `paysAtTheLimit:${order.orderId}`;
  const slow = bench.shop.proxies.shipping.strike({ fault: 'held', saga: id, op: 'do', step: 'bookShipment:slow' });
  const saga = await bench.start('paysAtTheLimit', order, PATIENT);
  await saga.until(({ phase }) => phase === 'pivot');
  await new Promise((resolve) => setTimeout(resolve, A_WHILE_MS));
  expect((await saga.view()).phase).toBe('pivot');
  expect((await effectsOf(bench.shop, order)).payments).toEqual(['authorized']);
  return { order, saga, slow };
};

const completesPaid = async ({ saga, slow }: { saga: RunningSaga; slow: Strike }, order: { orderId: string }) => {
  slow.release();
  const view = await saga.closed();
  expect(view).toMatchObject({ status: 'completed', result: 'paid', cause: null });
  expect(await effectsOf(bench.shop, order)).toMatchObject({ payments: ['captured'] });
  return view;
};

describe('a run that has come to its limit, with its pivot to begin', () => {
  // red since calls of a saga are bounded (S20): its run does not come to the limit any more; issue 10's note says so
  // oxlint-disable-next-line vitest/no-disabled-tests -- red, see above
  it.skip(
    'S18 S9: a cancel that waits for the pivot lets it begin; neither waits for the other, nor for what else is slow',
    async () => {
      const { order, ...at } = await pivotAtTheLimit();
      await expect(at.saga.cancel()).rejects.toMatchObject({ cause: { type: 'PastPivot' } });
      expect((await effectsOf(bench.shop, order)).payments).toEqual(['captured']);
      await completesPaid(at, order);
    },
    LONG_MS,
  );

  // oxlint-disable-next-line vitest/no-disabled-tests -- red, see above
  it.skip(
    'S18 S9: a cancel sent straight to Temporal lets it begin, too, and is on record in the run that ends',
    async () => {
      const { order, ...at } = await pivotAtTheLimit();
      await at.saga.handle.cancel();
      await at.saga.until(({ phase }) => phase === 'retriable');
      const { audit } = await completesPaid(at, order);
      expect(audit).toMatchObject([
        { actor: 'temporal', action: 'cancel', reason: 'ignored: past the point of no return' },
      ]);
    },
    LONG_MS,
  );
});
