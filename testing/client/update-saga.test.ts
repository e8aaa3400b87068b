import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import type { fulfilOrder } from '../continuing-saga.ts';
import { freshNamespace } from '../namespace.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';
import { retryStep } from '../../packages/client/src/acts/retry-step.ts';

type Continuing = typeof fulfilOrder;

let space: Awaited<ReturnType<typeof freshNamespace>>;
let stop: () => Promise<void>;
beforeAll(async () => {
  space = await freshNamespace();
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: space.address });
  const worker = await Worker.create({
    connection,
    namespace: space.namespace,
    taskQueue: SAGA_TASK_QUEUE,
    workflowBundle: await workflowBundle(createLog('test', 'silent'), 'testing/continuing-saga.ts'),
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
});
afterAll(async () => {
  await stop?.();
  await space?.close();
});

const start = (...modes: Parameters<Continuing>[0]): Promise<WorkflowHandle<Continuing>> =>
  space.client.workflow.start<Continuing>('fulfilOrder', {
    workflowId: `fulfilOrder:${randomUUID()}`,
    taskQueue: SAGA_TASK_QUEUE,
    args: [modes],
  });
const latest = ({ workflowId }: { workflowId: string }) => space.client.workflow.getHandle<Continuing>(workflowId);
const end = async (saga: { workflowId: string }): Promise<readonly string[]> => {
  await latest(saga).signal('end');
  return latest(saga).result();
};
const retry = (
  { workflowId: id }: { workflowId: string },
  { updateId, step = 'shipStock' }: { updateId?: string; step?: string } = {},
) => retryStep(space.client, { id, updateId, request: { actor: 'ann', reason: 'a test', step } });

describe('S18: an Update of a saga whose run ends by continuing as new', () => {
  it('is repeated on the next run, and taken once', async () => {
    const saga = await start('drops', 'drops', 'answers');
    expect(await retry(saga)).toMatchObject({ view: { id: saga.workflowId } });
    expect(await end(saga)).toEqual(['a test']);
  });

  it('is repeated so often and no more: then the caller is asked to', async () => {
    const saga = await start('drops', 'drops', 'drops', 'answers');
    await expect(retry(saga)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await end(saga)).toEqual([]);
  });

  it('is closed when no run comes after', async () => {
    expect(await retry(await start('drops'))).toEqual({ refused: 'closed' });
    const saga = await start('answers');
    await end(saga);
    expect(await retry(saga)).toEqual({ refused: 'closed' });
  });

  it('taken by an earlier run under the same id, is answered again and not taken again', async () => {
    const saga = await start('answers', 'answers');
    const updateId = randomUUID();
    await retry(saga, { updateId });
    const { runId } = await latest(saga).describe();
    await latest(saga).signal('end');
    await expect.poll(async () => (await latest(saga).describe()).runId, { timeout: 15_000 }).not.toBe(runId);
    // the index is a little late
    await expect
      .poll(async () => (await space.client.workflow.count(`WorkflowId = '${saga.workflowId}'`)).count, {
        timeout: 15_000,
      })
      .toBe(2);
    expect(await retry(saga, { updateId })).toMatchObject({ view: { id: saga.workflowId } });
    expect(await retry(saga, { updateId, step: 'bookShipment' })).toMatchObject({ refused: 'key-mismatch' });
    expect(await end(saga)).toEqual(['a test']);
  });
});

it('an Update that was taken is answered with what the start tells when the saga cannot show itself', async () => {
  const saga = await start('answers');
  expect(await retry(saga)).toMatchObject({
    view: { id: saga.workflowId, status: 'running', steps: [], version: expect.toSatisfy((version) => version < 0) },
  });
  await end(saga);
});
