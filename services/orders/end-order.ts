import type { Pool } from 'pg';
import type { EventData } from '../../contracts/events.ts';
import type { OrderStatus } from '../../contracts/orders.ts';
import type { SagaEnd } from '../../contracts/saga-view.ts';
import { fulfilOrder } from '../../contracts/sagas.ts';
import type { KnownEvent } from '../../events/known-event.ts';
import type { Log } from '../../platform/log.ts';
import { inTransaction } from '../database.ts';
import { isFinal, lockOrder, moveOrder, type Outcome } from './order-status.ts';

/** The types of the events with which a saga says how an order ended. */
export const ORDER_ENDS = [
  'fulfilOrder.completed.v1',
  'fulfilOrder.compensated.v1',
  'fulfilOrder.cancelled.v1',
] as const satisfies readonly `fulfilOrder.${SagaEnd}.v1`[];

type OrderEnd = (typeof ORDER_ENDS)[number];

/** What an end makes of its order. */
const ends: { readonly [T in OrderEnd]: (data: EventData<T>) => { to: OrderStatus } & Outcome } = {
  'fulfilOrder.completed.v1': ({ result }) => ({ to: 'confirmed', ...trackingOf(result) }),
  'fulfilOrder.compensated.v1': ({ cause }) => ({ to: 'rejected', ...reasonOf(cause) }),
  'fulfilOrder.cancelled.v1': ({ cause }) => ({ to: 'cancelled', ...reasonOf(cause) }),
};

const trackingOf = (result: unknown): Outcome => {
  const parsed = fulfilOrder.result.safeParse(result);
  return parsed.success ? { trackingNumber: parsed.data.trackingNumber } : {};
};

const reasonOf = (cause: { code: string } | null): Outcome => (cause === null ? {} : { reason: cause.code });

/**
 * Sets an order's final status from its saga's end event. The first end stays: repeats and late ones change nothing. An order
 * that is not here (its saga ended before it could be accepted) is logged and passed over.
 */
export const endOrder = async (pool: Pool, log: Log, event: KnownEvent<OrderEnd>): Promise<void> => {
  const orderId = event.data.key;
  const end = ends[event.type](event.data);
  const before = await inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order !== undefined) await moveOrder(tx, orderId, { from: ['placed', 'accepted'], ...end });
    return order?.status;
  });
  if (before === undefined) log.warn({ orderId, event: event.id }, 'the end of an order that is not here');
  else if (isFinal(before) && before !== end.to) {
    log.warn({ orderId, event: event.id, status: before }, 'another end of an order that has ended');
  }
};
