import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEarly, type CameEarly } from '../../packages/client/src/starts/start-early.ts';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import { sweepKilledSagas } from '../../packages/client/src/recovery/sweep-killed-sagas.ts';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import type { Order } from '../../contracts/orders.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { resetToTask } from '../reset-to-task.ts';
import { anOrder, effectsOf, runningSaga, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { eventMessage } from '../../packages/testing/src/bench/event-message.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const COMPLETED = ['fulfilOrder.completed.v1'];
const LISTED = { timeout: 15_000, interval: 100 };
const times = { entries: { '*': { attempt: 1_500, budget: 4_000, undoBudget: 4_000 } } };
const trigger = { kind: 'event', id: randomUUID(), type: 'came.early.v1', source: '/test' } as const;
const cancelled = { actor: '/test', reason: 'changed my mind' };
const event = eventMessage('shop.return.received.v1', null);

const comes = async ({ orderId: key }: Order, came: CameEarly) => {
  expect(await startEarly(bench.client, { saga: 'fulfilOrder', key, trigger, times, ...came })).toBe('kept');
  const id = `fulfilOrder:${key}`;
  return runningSaga(id, key, bench.client.workflow.getHandle(id));
};
const begin = (input: Order) => startSaga(bench.client, { saga: 'fulfilOrder', input, trigger, times });
const sweep = () => sweepKilledSagas(bench.client, { times, log: createLog('test', 'silent') });
const endsOf = (id: string) => bench.published.filter(({ data }) => data.sagaId === id).map(({ type }) => type);
/** Until the index, which is a little late, knows of so many killed runs of a saga. */
const killedRuns = async (id: string, count: number): Promise<void> =>
  await expect
    .poll(
      async () =>
        (await bench.client.workflow.count(`WorkflowId = '${id}' AND ExecutionStatus IN ('Terminated', 'TimedOut')`))
          .count,
      LISTED,
    )
    .toBe(count);

/** What is told of a saga that nobody recovers, once what starts it has come and it has ended. */
const toldOfLaterStart = async (order: Order): Promise<readonly string[]> => {
  const id = `fulfilOrder:${order.orderId}`;
  expect(await sweep()).toEqual({ begun: 0, failed: 0 });
  await expect(bench.client.workflow.getHandle(`recover:${id}`).describe()).rejects.toMatchObject({
    name: 'WorkflowNotFoundError',
  });
  expect(endsOf(id)).toEqual([]);
  expect((await begin(order)).outcome).toBe('started');
  const saga = runningSaga(id, order.orderId, bench.client.workflow.getHandle(id));
  expect(await saga.closed()).toMatchObject({ status: 'completed', input: order, cause: null });
  expect((await begin(order)).outcome).toBe('duplicate');
  return endsOf(id);
};

describe('S14 E4: a run that only waited for its start, and was', () => {
  it.each([{ cancelled }, { event }])(
    'terminated, is not recovered, tells nobody anything, and its start begins: %j',
    async (came) => {
      const order = await anOrder(bench.shop);
      const saga = await comes(order, came);
      await saga.view();
      await saga.handle.terminate('a test');
      await killedRuns(saga.id, 1);
      expect(await viewSaga(bench.client, saga.id)).toMatchObject({ status: 'killed', input: null });
      expect(await toldOfLaterStart(order)).toEqual(COMPLETED);
    },
  );

  it('ended by a time limit that somebody gave it by hand, likewise', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    await bench.client.workflow.start('fulfilOrder', {
      workflowId: id,
      taskQueue: SAGA_TASK_QUEUE,
      args: [
        null,
        { startedAt: new Date().toISOString(), trigger, times: { steps: {} }, early: { within: 600_000 }, cancelled },
      ],
      memo: { early: true },
      workflowRunTimeout: '1s',
    });
    await killedRuns(id, 1);
    expect(await toldOfLaterStart(order)).toEqual(COMPLETED);
  });

  it('terminated again after it was reset, likewise', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes(order, { cancelled });
    await saga.view();
    await saga.handle.terminate('a test');
    await resetToTask(bench.client, saga.id);
    await saga.view();
    await saga.handle.terminate('a test');
    await killedRuns(saga.id, 2);
    expect(await toldOfLaterStart(order)).toEqual(COMPLETED);
  });

  it('terminated after it went on waiting in a new run, likewise', async () => {
    const order = await anOrder(bench.shop);
    const saga = await comes(order, { event });
    const { runId } = await saga.handle.describe();
    for (let latest = runId, n = 0; latest === runId && n < 40; n++) {
      await saga.handle.signal('event', { id: 'x', type: 'nobody.waits.v1', data: 'x'.repeat(300_000) });
      await saga.until(() => true);
      latest = (await saga.handle.describe()).runId;
    }
    expect((await saga.handle.describe()).runId).not.toBe(runId);
    await saga.handle.terminate('a test');
    await killedRuns(saga.id, 1);
    expect(await toldOfLaterStart(order)).toEqual(COMPLETED);
  }, 120_000);

  it('killed once its start had come is recovered: whoever started it was told that it has begun', async () => {
    const order = await anOrder(bench.shop);
    await bench.stopWorkers();
    try {
      const saga = await comes(order, { event });
      expect((await begin(order)).outcome).toBe('started');
      await saga.handle.terminate('a test');
      await killedRuns(saga.id, 1);
    } finally {
      await bench.startWorkers();
    }
    const id = `fulfilOrder:${order.orderId}`;
    expect(await sweep()).toEqual({ begun: 1, failed: 0 });
    await expect.poll(() => endsOf(id), { timeout: 15_000 }).toEqual(['fulfilOrder.compensated.v1']);
    expect((await begin(order)).outcome).toBe('duplicate');
    expect((await effectsOf(bench.shop, order)).reservations).toEqual([]);
  });
});
