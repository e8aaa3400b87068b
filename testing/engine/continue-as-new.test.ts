import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTaken } from '../../packages/client/src/recovery/has-taken.ts';
import { eventMessage } from '../../packages/testing/src/bench/event-message.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 120_000;
/** So large are the inputs of `bulky`, and so many, that the server suggests a new run (near 4 MB) before the last. */
const CALLS = 36;

const runsOf = async (workflowId: string): Promise<{ runId: string; status: string }[]> => {
  const runs = [];
  for await (const { runId, status } of bench.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    runs.push({ runId, status: status.name });
  }
  return runs;
};

describe('a saga whose history grows long', () => {
  it(
    'S18 S12: goes on in a new run with its ledger; nothing happens twice, and nothing is forgotten',
    async () => {
      const order = await anOrder(bench.shop);
      const saga = await bench.start('bulky', { ...order, customerId: String(CALLS) });
      const first = (await saga.handle.describe()).runId;
      const view = await saga.closed();

      expect(view).toMatchObject({ status: 'compensated', cause: { code: 'enough' } });
      expect(view.steps).toHaveLength(CALLS);
      expect(view.steps.every(({ discharge }) => discharge === 'compensated')).toBe(true);
      await expect
        .poll(async () => (await runsOf(saga.id)).map(({ status }) => status).toSorted(), { timeout: 10_000 })
        .toContain('CONTINUED_AS_NEW');
      expect((await bench.client.workflow.getHandle(saga.id).describe()).runId).not.toBe(first);
      const asked = bench.shop.proxies.shipping.seen.filter(
        ({ key, op }) => op === 'do' && key.startsWith(`${saga.id}/`),
      );
      expect(new Set(asked.map(({ key }) => key)).size).toBe(CALLS);
      const { shipments } = await effectsOf(bench.shop, order);
      expect(shipments).toEqual(Array<string>(CALLS).fill('cancelled'));
    },
    LONG_MS,
  );

  it(
    'S18: loses no cancel, no signal and no approval; the new run has the limits of the old',
    async () => {
      const order = await anOrder(bench.shop);
      const saga = await bench.start('bulkyWait', { ...order, customerId: String(CALLS) });
      const came = eventMessage('shop.return.received.v1', { came: 'early' });
      await saga.handle.signal('event', came);
      await expect
        .poll(async () => (await runsOf(saga.id)).length, { timeout: LONG_MS / 2, interval: 500 })
        .toBeGreaterThan(1);
      const latest = bench.client.workflow.getHandle(saga.id);
      const { runId, raw } = await latest.describe();
      expect(Number(raw.executionConfig?.defaultWorkflowTaskTimeout?.seconds)).toBe(5);
      const described = await latest.describe();
      expect(await hasTaken(bench.client, described, came)).toBe(true);
      expect(await hasTaken(bench.client, described, { ...came, id: 'another' })).toBe(false);
      await latest.executeUpdate('approve', {
        args: [{ actor: 'ann', reason: 'fine', name: 'approve', decision: 'approved' }],
      });
      await expect(latest.result()).resolves.toEqual({ event: { came: 'early' }, decision: 'approved', by: 'ann' });
      expect((await latest.describe()).runId).toBe(runId);
    },
    LONG_MS,
  );
});
