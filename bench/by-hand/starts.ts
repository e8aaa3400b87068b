import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure, Client, WorkflowFailedError } from '@temporalio/client';
import type { Order } from '../../contracts/orders.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../../packages/client/src/starts/start-saga.ts';
import { SAGA_KEY, SAGA_STATUS } from '../../packages/client/src/views/search-attributes.ts';
import { createCalls } from './calls.ts';
import { BY_HAND_QUEUE, TWO_LANES_NAMESPACE } from './places.ts';
import { RefusedError, type Urls } from './requests.ts';

/** What the front is asked for. `cancelAfterMs`: then it is cancelled, so long after its start. */
export interface Asked {
  readonly order: Order;
  readonly cancelAfterMs?: number;
}

/** Starts one, and answers how it has ended: `completed`, `compensated` or `cancelled`. @throws what else went wrong */
type Start = (asked: Asked) => Promise<string>;

/** Each of what is not the product's, by the name of its variant. */
export const createStarts = (
  client: Client,
  urls: Urls,
): Readonly<Record<'by-hand' | 'two-lanes' | 'empty' | 'bare', Start>> => {
  const twoLanes = new Client({ connection: client.connection, namespace: TWO_LANES_NAMESPACE });
  return {
    'by-hand': async ({ order, cancelAfterMs }) => {
      const handle = await client.workflow.start('orderByHand', {
        workflowId: `byHand:${order.orderId}`,
        taskQueue: BY_HAND_QUEUE,
        args: [order],
      });
      const ended = endOf(handle.result());
      if (cancelAfterMs !== undefined) {
        await pause(cancelAfterMs);
        await handle.cancel();
      }
      return ended;
    },
    'two-lanes': async ({ order }) =>
      endOf(
        twoLanes.workflow.execute('handWrittenOrder', {
          workflowId: `handWrittenOrder:${order.orderId}`,
          taskQueue: SAGA_TASK_QUEUE,
          args: [order],
          workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
          typedSearchAttributes: [
            { key: SAGA_STATUS, value: 'running' },
            { key: SAGA_KEY, value: order.orderId },
          ],
        }),
      ),
    empty: async ({ order }) =>
      endOf(client.workflow.execute('empty', { workflowId: `empty:${order.orderId}`, taskQueue: BY_HAND_QUEUE })),
    bare: ({ order }) => bareCalls(urls, order),
  };
};

/** Both kinds of hand-written code say how they ended by the type, or the message, of their failure. */
const endOf = async (result: Promise<unknown>): Promise<string> => {
  try {
    await result;
    return 'completed';
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause.message;
    throw error;
  }
};

/** The same requests in the same order, with nothing around them: whoever dies in between leaves everything as it is. */
const bareCalls = async (urls: Urls, order: Order): Promise<string> => {
  const run = { saga: `bare:${order.orderId}`, startedAt: new Date().toISOString() };
  const calls = createCalls(urls);
  const { total } = await calls.acceptOrder(run, order);
  const [{ reservationId }, { paymentId }] = await Promise.all([
    calls.reserveStock(run, order),
    calls.authorizePayment(run, order, total),
  ]);
  try {
    const { trackingNumber } = await calls.bookShipment(run, order);
    await calls.capturePayment(run, paymentId);
    await calls.shipStock(run, reservationId);
    await calls.notifyCustomer(run, order, trackingNumber);
    return 'completed';
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    await calls.voidPayment(run);
    await calls.releaseStock(run);
    await calls.releaseOrder(run);
    return 'compensated';
  }
};
