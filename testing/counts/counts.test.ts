import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAGA_KEY, SAGA_STATUS } from '../../packages/client/src/views/search-attributes.ts';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../../packages/client/src/starts/start-saga.ts';
import type { Order } from '../../contracts/orders.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { countRun, type Counts } from './count-run.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench('testing/counts/hand-written-order.ts');
});
afterAll(() => bench.close());

/** Starts either as the API starts sagas, and waits for its end. */
const run = async (workflow: string, order: Order): Promise<WorkflowHandle> => {
  const handle = await bench.client.workflow.start(workflow, {
    workflowId: `${workflow}:${order.orderId}`,
    taskQueue: SAGA_TASK_QUEUE,
    args: [order],
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
    typedSearchAttributes: [
      { key: SAGA_STATUS, value: 'running' },
      { key: SAGA_KEY, value: order.orderId },
    ],
  });
  try {
    await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
  }
  return handle;
};

const COMPLETED = { reservations: ['shipped'], payments: ['captured'], shipments: ['booked'] };
const COMPENSATED = { reservations: ['released'], payments: ['voided'], shipments: [] };

/** Runs both, with what befalls them, and counts. */
const both = async (
  effects: object,
  changes: Partial<Order> = {},
  befalls: (saga: string) => void = () => {},
): Promise<{ engine: Counts; byHand: Counts }> => {
  const counts = [];
  for (const workflow of ['fulfilOrder', 'handWrittenOrder']) {
    const order = await anOrder(bench.shop, changes);
    befalls(`${workflow}:${order.orderId}`);
    counts.push(await countRun(await run(workflow, order)));
    expect(await effectsOf(bench.shop, order), `both do the same: ${workflow}`).toMatchObject(effects);
  }
  const [engine, byHand] = counts;
  if (!engine || !byHand) throw new Error('nothing was counted');
  return { engine, byHand };
};

const noMore = ({ engine, byHand }: { engine: Counts; byHand: Counts }): void => {
  expect(engine.events, JSON.stringify({ engine, byHand })).toBeLessThanOrEqual(byHand.events);
  expect(engine.workflowTasks).toBeLessThanOrEqual(byHand.workflowTasks);
  expect(engine.stateTransitions).toBeLessThanOrEqual(byHand.stateTransitions);
};

describe('what the engine costs, against Temporal code written by hand', () => {
  // a machine that stands still for 4 s makes a task give a sign of life, which costs events: then it is counted once more
  const options = { retry: 2 };

  it('a happy fulfilOrder is one workflow task and 14 events, its end event published', options, async () => {
    const counted = await both(COMPLETED);
    noMore(counted);
    expect(counted.engine).toMatchObject({ events: 14, workflowTasks: 1, stateTransitions: 3 });
    expect(bench.published.at(-2)).toMatchObject({ type: 'fulfilOrder.completed.v1' });
  });

  it('one that bookShipment refuses is settled, sealed and undone in one task more', options, async () => {
    const counted = await both(COMPENSATED, { shipTo: { country: 'KP' } });
    noMore(counted);
    expect(counted.engine).toMatchObject({ events: 25, workflowTasks: 2, stateTransitions: 6 });
  });

  it('a step that falls into the durable lane costs one task more', options, async () => {
    const counted = await both(COMPLETED, {}, (saga) => {
      bench.shop.proxies.shipping.strike({ op: 'do', saga, step: 'bookShipment', fault: 'down', times: 3 });
    });
    noMore(counted);
    expect(counted.engine).toMatchObject({ events: 22, workflowTasks: 2, stateTransitions: 7 });
  });
});
