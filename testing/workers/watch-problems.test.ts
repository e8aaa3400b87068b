import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { startSagaBench, type SagaBench } from '../saga-bench.ts';
import { stuckSagas } from '../../packages/worker/src/watch-problems.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const REPORTED_WITHIN_MS = 100_000;

it(
  'S3: a saga whose workflow task fails again and again is found',
  async () => {
    const workflowId = 'noSuchSaga:o-1';
    const handle = await bench.client.workflow.start('noSuchSaga', {
      workflowId,
      taskQueue: SAGA_TASK_QUEUE,
      args: [],
    });
    await vi.waitFor(
      async () => expect(await stuckSagas(bench.client)).toEqual([{ id: workflowId, problems: expect.anything() }]),
      { timeout: REPORTED_WITHIN_MS, interval: 500 },
    );
    await handle.terminate('a test');
  },
  REPORTED_WITHIN_MS,
);
