import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { ensureSweepSchedule } from '../../packages/worker/src/ensure-sweep-schedule.ts';
import { forgetSweeps } from '../../packages/worker/src/forget-sweeps.ts';

const SWEEP_MS = 2_000;
/** The sweep's interval, and what it takes to undo. */
const RECOVERED_WITHIN_MS = 50_000;
const log = createLog('test', 'silent');

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
  await ensureSweepSchedule(bench.client, { everyMs: SWEEP_MS, log });
});
afterAll(() => bench?.close());

const until = (id: string, is: (view: SagaView | undefined) => boolean): Promise<SagaView | undefined> => {
  let last: SagaView | undefined;
  return expect
    .poll(async () => is((last = await viewSaga(bench.client, id))), { timeout: RECOVERED_WITHIN_MS, interval: 250 })
    .toBe(true)
    .then(() => last);
};

/** A saga that has reserved goods, and whose card is not answered for. */
const hanging = async (runTimeout?: string) => {
  const order = await anOrder(bench.shop);
  const id = `fulfilOrder:${order.orderId}`;
  bench.shop.proxies.payments.strike({ fault: 'down', saga: id, op: 'do', step: 'authorizePayment' });
  const handle = await bench.client.workflow.start('fulfilOrder', {
    workflowId: id,
    taskQueue: SAGA_TASK_QUEUE,
    args: [order],
    workflowTaskTimeout: '5s',
    ...(runTimeout !== undefined && { workflowRunTimeout: runTimeout as '3s' }),
  });
  await expect
    .poll(async () => (await effectsOf(bench.shop, order)).reservations, { timeout: 15_000 })
    .toEqual(['reserved']);
  return { id, order, handle };
};

describe('S14: a killed saga', () => {
  it.each(['terminated', 'timed out'])(
    'that was %s is undone within the interval of the sweep',
    async (how) => {
      const { id, order, handle } = await hanging(how === 'timed out' ? '3s' : undefined);
      if (how === 'terminated') await handle.terminate('a test');
      const view = await until(id, (now) => now?.status === 'compensated' && now.closedAt !== null);
      expect(view).toMatchObject({ id, key: order.orderId, input: order });
      expect(await effectsOf(bench.shop, order)).toMatchObject({
        reservations: ['released'],
        shipments: [],
        notifications: [],
      });
      expect(bench.published.map((event) => event.id)).toContain(`${id}/compensated`);
    },
    90_000,
  );

  it('a sweep with nothing to do is one workflow task', async () => {
    let cheap: { historyLength: number; workflowId: string } | undefined;
    for await (const run of bench.client.workflow.list({
      query: `WorkflowType = 'sweepKilledSagas' AND ExecutionStatus = 'Completed'`,
    }))
      cheap = run;
    const { events } = await bench.client.workflow.getHandle(cheap?.workflowId ?? '').fetchHistory();
    expect(events?.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(1);
    expect(events?.length).toBeLessThanOrEqual(6);
  });

  it('sweeps that are over are forgotten, those under way are not', async () => {
    const sweeps = `WorkflowType = 'sweepKilledSagas'`;
    await expect
      .poll(async () => (await bench.client.workflow.count(`${sweeps} AND ExecutionStatus = 'Completed'`)).count, {
        timeout: 30_000,
      })
      .toBeGreaterThan(1);
    await bench.client.schedule.getHandle('amends-sweep').pause();
    await expect
      .poll(async () => (await bench.client.workflow.count(`${sweeps} AND ExecutionStatus = 'Running'`)).count, {
        timeout: 30_000,
      })
      .toBe(0);
    await bench.client.workflow.start('sweepKilledSagas', { workflowId: 'waiting', taskQueue: 'nobody' });
    // the index is a little late
    const left = async () => {
      await forgetSweeps(bench.client, log, 0);
      return (await bench.client.workflow.count(sweeps)).count;
    };
    await expect.poll(left, { timeout: 30_000 }).toBe(1);
    await bench.client.workflow.getHandle('waiting').terminate();
  }, 90_000);
});
