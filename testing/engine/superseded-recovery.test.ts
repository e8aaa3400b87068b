import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSaga } from '../../packages/client/src/views/find-saga.ts';
import { listSagas } from '../../packages/client/src/views/list-sagas.ts';
import { sweepKilledSagas } from '../../packages/client/src/recovery/sweep-killed-sagas.ts';
import { viewSaga } from '../../packages/client/src/views/view-saga.ts';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { resetToTask } from '../reset-to-task.ts';
import { anOrder, effectsOf, recoveryOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const SOON = { timeout: 15_000, interval: 100 };
const LONG_MS = 60_000;
const times = { entries: { '*': { attempt: 1_000, budget: 2_000, undoBudget: 3_000 } } };
const sweep = () => sweepKilledSagas(bench.client, { times, log: createLog('test', 'silent') });
const parked = ({ status }: SagaView): boolean => status === 'parked';
const statusOf = async ({ handle }: RunningSaga) =>
  (await bench.client.workflow.getHandle(handle.workflowId).describe()).status.name;
const endsOf = (id: string) =>
  bench.published.filter(({ data }) => data.sagaId === id && data.status !== 'parked').map(({ type }) => type);
const listed = async (key: string) =>
  (await listSagas(bench.client, { filter: { key }, limit: 10, from: null })).items.map(({ id, status }) => ({
    id,
    status,
  }));

/** Killed past its pivot, and its recovery parked; then reset, so that the saga itself has come to its end. */
const resetAndCompleted = async () => {
  const order = await anOrder(bench.shop);
  const id = `fulfilOrder:${order.orderId}`;
  const strike = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
  const saga = await bench.start('fulfilOrder', order, {
    times: { steps: { '*': { attempt: 1_000, budget: 30_000 } } },
  });
  await saga.until(({ phase }) => phase === 'retriable');
  await expect.poll(() => strike.struck(), SOON).toBeGreaterThan(3);
  await saga.handle.terminate('a test');
  await expect.poll(async () => (await sweep()).begun, SOON).toBeGreaterThan(0);
  const recovery = recoveryOf(bench, saga);
  await recovery.until(parked);
  strike.lift();
  await resetToTask(bench.client, id);
  await expect.poll(() => statusOf(saga), SOON).toBe('COMPLETED');
  return { order, saga, recovery };
};
const untouched = async ({
  order,
  saga,
}: {
  order: Parameters<typeof effectsOf>[1];
  saga: RunningSaga;
}): Promise<void> => {
  expect(await viewSaga(bench.client, saga.id)).toMatchObject({ id: saga.id, status: 'completed' });
  expect(await effectsOf(bench.shop, order)).toMatchObject({
    reservations: ['shipped'],
    payments: ['captured'],
    shipments: ['booked'],
  });
  expect(endsOf(saga.id)).toEqual(['fulfilOrder.completed.v1']);
};

describe('S14: a recovery run whose saga has been reset', () => {
  it(
    'looks before it undoes: told that the pivot was not done, it undoes nothing and ends',
    async () => {
      const made = await resetAndCompleted();
      await made.recovery.act('resolve', { step: 'capturePayment', outcome: 'not-done' });
      await expect.poll(() => statusOf(made.recovery), SOON).toBe('COMPLETED');
      await untouched(made);
    },
    LONG_MS,
  );

  it(
    'is shown under its own id as long as it lives, and ended by the next sweep',
    async () => {
      const made = await resetAndCompleted();
      const { saga, recovery } = made;
      expect(await viewSaga(bench.client, recovery.handle.workflowId)).toMatchObject({
        id: recovery.handle.workflowId,
        status: 'parked',
        closedAt: null,
      });
      await expect
        .poll(() => listed(saga.key), SOON)
        .toEqual(
          expect.arrayContaining([
            { id: recovery.handle.workflowId, status: 'parked' },
            { id: saga.id, status: 'completed' },
          ]),
        );
      expect(await sweep()).toEqual({ begun: 0, failed: 0 });
      await expect.poll(() => statusOf(recovery), SOON).toBe('COMPLETED');
      await untouched(made);
      expect(await findSaga(bench.client, recovery.handle.workflowId)).toBeUndefined();
      expect(await listed(saga.key)).toEqual([{ id: saga.id, status: 'completed' }]);
    },
    LONG_MS,
  );

  it(
    'seals nobody when it begins only after the reset, and a second kill is recovered by a run of its own',
    async () => {
      const order = await anOrder(bench.shop);
      const id = `fulfilOrder:${order.orderId}`;
      const strike = bench.shop.proxies.payments.strike({
        fault: 'down',
        saga: id,
        op: 'do',
        step: 'authorizePayment',
      });
      const saga = await bench.start('fulfilOrder', order, {
        times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
      });
      await expect.poll(() => strike.struck(), SOON).toBeGreaterThan(3);
      await bench.stopWorkers();
      await saga.handle.terminate('a test');
      await expect.poll(async () => (await sweep()).begun, SOON).toBe(1);
      await resetToTask(bench.client, id);
      await bench.startWorkers();
      const recovery = recoveryOf(bench, saga);
      await expect.poll(() => statusOf(recovery), SOON).toBe('COMPLETED');
      const asked = Object.values(bench.shop.proxies).flatMap(({ seen }) =>
        seen.filter(({ key, op }) => key.startsWith(id) && op !== 'do'),
      );
      expect(asked).toEqual([]);

      await bench.client.workflow.getHandle(id).terminate('a test');
      await expect.poll(async () => (await sweep()).begun, SOON).toBe(1);
      expect(await recovery.closed()).toMatchObject({ status: 'compensated' });
      strike.lift();
      expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], payments: [] });
    },
    LONG_MS,
  );
});
