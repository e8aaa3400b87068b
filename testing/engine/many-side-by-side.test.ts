import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 60_000;
const PATIENT = { times: { steps: { '*': { attempt: 10_000, budget: 60_000 } } } };
const SOON_MS = 15_000;

describe('very many steps side by side', () => {
  it.each([100, 200])(
    'S15: %s of them end soon, and no workflow task takes too long for it',
    async (count) => {
      const order = await anOrder(bench.shop, { customerId: String(count) });
      const begun = Date.now();
      const saga = await bench.start('manyParcels', order, PATIENT);
      const view = await saga.closed();
      const tookMs = Date.now() - begun;
      expect(view).toMatchObject({ status: 'completed', result: 'booked' });
      expect(view.steps.filter(({ state }) => state === 'done')).toHaveLength(count);
      const tasks = ((await saga.handle.fetchHistory()).events ?? []).map(
        (event) => event.workflowTaskTimedOutEventAttributes,
      );
      expect(tasks.filter(Boolean)).toEqual([]);
      expect((await effectsOf(bench.shop, order)).shipments).toHaveLength(count);
      expect(tookMs).toBeLessThan(SOON_MS);
    },
    LONG_MS,
  );
});
