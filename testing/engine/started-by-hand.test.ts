import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { anOrder, runningSaga, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 60_000;

describe('a saga that is started by hand', () => {
  it(
    'S19 S18: without a second argument began when its first run did, also in a new run',
    async () => {
      const order = await anOrder(bench.shop);
      const id = `hugeParcels:${order.orderId}`;
      const start = { workflowId: id, taskQueue: SAGA_TASK_QUEUE, args: [order] };
      const saga = runningSaga(id, order.orderId, await bench.client.workflow.start('hugeParcels', start));
      const first = await saga.handle.describe();
      const { startedAt, trigger } = await saga.view();
      expect(startedAt).toBe(first.startTime.toISOString());

      expect(await saga.closed()).toMatchObject({ status: 'completed', startedAt, trigger, result: startedAt });
      const last = await bench.client.workflow.getHandle(id).describe();
      expect(last.runId).not.toBe(first.runId);
    },
    LONG_MS,
  );
});
