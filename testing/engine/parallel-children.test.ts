import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { wholeHistory } from '../../packages/testing/src/reading/whole-history.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

describe('children side by side', () => {
  it('S15: whose inputs together are more than one workflow task may send are started in several, and the parent lives', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('hugeChildren', order);
    const view = await saga.closed();
    expect((await saga.handle.describe()).status.name).toBe('COMPLETED');
    expect(view).toMatchObject({ status: 'completed', result: 'booked', cause: null });
    expect(view.steps.map(({ instance, state }) => [instance, state])).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => [name, 'done']),
    );
    const startedIn: string[] = [];
    for await (const { runId } of bench.client.workflow.list({ query: `WorkflowId = '${saga.id}'` })) {
      for (const event of (await wholeHistory(bench.client, saga.id, runId)).events ?? []) {
        const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
        if (child) startedIn.push(`${runId} ${String(child.workflowTaskCompletedEventId)}`);
      }
    }
    expect(startedIn).toHaveLength(4);
    expect(new Set(startedIn).size).toBe(4);
  });
});
