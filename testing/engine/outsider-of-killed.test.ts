import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoveryId } from '../../packages/contracts/src/protocol/keys.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { anOrder, effectsOf, recoveryOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const QUICK = { '*': { attempt: 1_000, budget: 3_000, undoBudget: 3_000 } };

/** A saga is killed after its outsider has done its step; its recovery run parks. */
const recovering = async () => {
  const order = await anOrder(bench.shop);
  const { payments } = bench.shop.proxies;
  const id = `outsiderFirst:${order.orderId}`;
  const fault = payments.strike({ fault: 'down', saga: id, op: 'do', step: 'authorizePayment' });
  const saga = await bench.start('outsiderFirst', order);
  await saga.until(({ steps }) => steps[0]?.state === 'done' && steps[1]?.state === 'running');
  await saga.handle.terminate('a test');
  fault.lift();
  // as the sweep does, which knows the contracts' sagas only
  await bench.client.workflow.start('outsiderFirst', {
    workflowId: recoveryId(id),
    taskQueue: SAGA_TASK_QUEUE,
    args: [
      null,
      {
        startedAt: new Date().toISOString(),
        trigger: { kind: 'http', id: null, type: null, source: null },
        times: { steps: QUICK },
        recovers: id,
      },
    ],
  });
  const recovery = recoveryOf(bench, saga);
  const view = await recovery.until(({ status }) => status === 'parked');
  return { order, recovery, view };
};

describe('an outsider of a killed saga', () => {
  it('S14: its step parks with words, since nobody can tell what it did; a person who has undone it resolves it', async () => {
    const { recovery, view } = await recovering();
    expect(view.steps[0]).toMatchObject({
      name: 'reserveStock',
      state: 'unknown',
      discharge: null,
      undo: { state: 'parked', error: expect.stringContaining('nobody knows what it was asked with') as string },
    });
    await recovery.act('resolve', { step: 'reserveStock' });
    expect(await recovery.closed()).toMatchObject({
      status: 'compensated',
      steps: [{ discharge: 'resolved' }, {}],
    });
  });

  it('S14 S6: a retry without an input parks again; with the input of its undo it is undone', async () => {
    const { order, recovery } = await recovering();
    await recovery.retry('reserveStock');
    const again = await recovery.until(({ status, audit }) => status === 'parked' && audit.length === 1);
    expect(again.steps[0]?.undo).toMatchObject({ state: 'parked' });
    const path = `/reservations?orderId=${order.orderId}`;
    const { items } = (await bench.shop.get('inventory', path)) as { items: { reservationId: string }[] };
    await recovery.act('retry', { step: 'reserveStock', input: { reservationId: items[0]?.reservationId } });
    expect(await recovery.closed()).toMatchObject({
      status: 'compensated',
      steps: [{ undo: { state: 'done' }, discharge: 'compensated' }, {}],
    });
    // its undo is to ship: what it did can be seen
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['shipped']);
  });
});
