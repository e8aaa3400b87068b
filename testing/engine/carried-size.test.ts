import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { wholeHistory } from '../../packages/testing/src/reading/whole-history.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 60_000;
const PATIENT = { times: { steps: { '*': { attempt: 10_000, budget: 60_000 } } } };
const RECEIVED = 'shop.return.received.v1';

/** Runs a saga that waits for an event, and then comes to its run's limit. @returns its result, and how many runs it took */
const endedAfter = async (input: { pad?: string }, data: { pad: string }) => {
  const order = await anOrder(bench.shop);
  const saga = await bench.start('hugeParcelsAfterEvent', { ...order, ...input }, PATIENT);
  await saga.handle.signal('event', { id: 'e', type: RECEIVED, data });
  const result: unknown = await saga.handle.result();
  const runs = async (): Promise<string[]> => {
    const found = [];
    for await (const { status } of bench.client.workflow.list({ query: `WorkflowId = '${saga.id}'` }))
      found.push(status.name);
    return found;
  };
  await expect.poll(runs, { timeout: 10_000 }).toContain('COMPLETED');
  const events = (await wholeHistory(bench.client, saga.id)).events ?? [];
  const failed = events.filter(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskTimedOutEventAttributes,
  );
  return { result, runs: (await runs()).length, failed: failed.length, effects: await effectsOf(bench.shop, order) };
};

describe('what a saga takes along into a new run', () => {
  it(
    'S18 S15: that is too large together with what it was started with is not sent; the saga ends in the run that it is in',
    async () => {
      const pad = 'x'.repeat(1_200_000);
      const ended = await endedAfter({ pad }, { pad: 'x'.repeat(700_000) });
      expect(ended).toMatchObject({ result: 700_010, runs: 1, failed: 0 });
      expect(ended.effects.shipments).toHaveLength(6);
    },
    LONG_MS,
  );

  it(
    'S18 S11: an event is carried once, also after a wait has answered it: a large one leaves room for a new run',
    async () => {
      const ended = await endedAfter({}, { pad: 'x'.repeat(1_000_000) });
      expect(ended).toMatchObject({ result: 1_000_010, runs: 2, failed: 0 });
      expect(ended.effects.shipments).toHaveLength(6);
    },
    LONG_MS,
  );
});
