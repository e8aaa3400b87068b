import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Order } from '../../contracts/orders.ts';
import type { SagaBench } from '../saga-bench.ts';
import { countThreads, workSoFar, type EngineWork } from './counting-threads.ts';

countThreads();
// whoever creates workers comes after it
const { anOrder, startSagaBench } = await import('../saga-bench.ts');

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench('testing/counts/hand-written-order.ts');
});
afterAll(() => bench.close());

/** The SDK takes its workflow out of its thread's hands a moment after its end has been told. */
const SETTLED_MS = 300;

const workOf = async (saga: string, changes: Partial<Order> = {}): Promise<EngineWork> => {
  const order = await anOrder(bench.shop, changes);
  const before = workSoFar();
  const { handle } = await bench.start(saga, order, { times: { steps: {} } });
  await handle.result().catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  const after = workSoFar();
  return {
    promises: after.promises - before.promises,
    vmCalls: after.vmCalls - before.vmCalls,
    activations: after.activations - before.activations,
  };
};

const REFUSED = { shipTo: { country: 'KP' } };

// a machine that stands still makes a task give a sign of life, or a call fall into the durable lane: then it is counted once more
const options = { retry: 2 };

it.each([
  ['a happy fulfilOrder', {}, { promises: 248, vmCalls: 35, activations: 9 }],
  ['one that bookShipment refuses', REFUSED, { promises: 504, vmCalls: 54, activations: 13 }],
])('what the engine makes of the workflow thread, counted: %s', options, async (_, changes, most) => {
  // the first one of a thread loads modules
  await workOf('fulfilOrder', changes);
  const work = await workOf('fulfilOrder', changes);
  const byHand = await workOf('handWrittenOrder', changes);
  const said = JSON.stringify({ work, byHand });
  expect(work.promises, said).toBeLessThanOrEqual(most.promises);
  expect(work.vmCalls, said).toBeLessThanOrEqual(most.vmCalls);
  expect(work.activations, said).toBeLessThanOrEqual(Math.min(most.activations, byHand.activations));
});
