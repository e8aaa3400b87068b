import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../packages/runtime/src/log.ts';
import type { Fault } from '../../packages/testing/src/faults/fault-rule.ts';
import { anOrder, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close(), 120_000);

const WIDE = 250;
const MIX: readonly (Fault | null)[] = [null, 'late', 'busy', null, 'down', 'late', 'cut'];
const PATIENT = { times: { steps: { '*': { attempt: 10_000, budget: 60_000, undoBudget: 60_000 } } } };

it('S20 S19: many side by side, of which many fall out of the fast lane, replay', { timeout: 240_000 }, async () => {
  const order = await anOrder(bench.shop, { customerId: String(WIDE) });
  const saga = `manyParcels:${order.orderId}`;
  for (let n = 1; n <= WIDE; n++) {
    const fault = MIX[n % MIX.length];
    const delayMs = 1_700 + ((n * 37) % 600);
    if (fault) {
      bench.shop.proxies.shipping.strike({ fault, saga, op: 'do', step: `bookShipment:p-${n}`, times: 1, delayMs });
    }
  }
  const running = await bench.start('manyParcels', order, PATIENT);
  expect(await running.closed()).toMatchObject({ status: 'completed' });
  const bundle = await workflowBundle(createLog('replay', 'fatal'), 'testing/odd-sagas.ts');
  const history = await running.handle.fetchHistory();
  // a server that has to keep more than a hundred events until a workflow task ends fails the task
  expect((history.events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  await expect(Worker.runReplayHistory({ workflowBundle: bundle }, history, running.id)).resolves.toBeUndefined();
});
