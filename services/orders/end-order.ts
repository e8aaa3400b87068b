import type { Pool } from 'pg';
import type { z } from 'zod';
import type { SagaEventData } from '../../contracts/events.ts';
import type { OrderStatus } from '../../contracts/orders.ts';
import type { SagaEnd } from '../../contracts/saga-view.ts';
import { fulfilOrder, fulfilSplitOrder } from '../../contracts/sagas.ts';
import type { KnownEvent } from '../../events/known-event.ts';
import type { Log } from '../../platform/log.ts';
import { inTransaction } from '../database.ts';
import { isFinal, lockOrder, moveOrder, type Outcome } from './order-status.ts';

/** The types of the events with which a saga says how an order ended. */
export const ORDER_ENDS = [
  'fulfilOrder.completed.v1',
  'fulfilOrder.compensated.v1',
  'fulfilOrder.cancelled.v1',
  'fulfilSplitOrder.completed.v1',
  'fulfilSplitOrder.compensated.v1',
  'fulfilSplitOrder.cancelled.v1',
] as const satisfies readonly `${'fulfilOrder' | 'fulfilSplitOrder'}.${SagaEnd}.v1`[];

type OrderEnd = (typeof ORDER_ENDS)[number];
type EndOf = (data: SagaEventData) => { to: OrderStatus } & Outcome;

const rejected: EndOf = ({ cause }) => ({ to: 'rejected', ...reasonOf(cause) });
const cancelled: EndOf = ({ cause }) => ({ to: 'cancelled', ...reasonOf(cause) });

/** What an end makes of its order. */
const ends: { readonly [T in OrderEnd]: EndOf } = {
  'fulfilOrder.completed.v1': ({ result }) => ({
    to: 'confirmed',
    ...tracked(fulfilOrder.result, result, ({ trackingNumber }) => [trackingNumber]),
  }),
  'fulfilOrder.compensated.v1': rejected,
  'fulfilOrder.cancelled.v1': cancelled,
  'fulfilSplitOrder.completed.v1': ({ result }) => ({
    to: 'confirmed',
    ...tracked(fulfilSplitOrder.result, result, ({ shipments }) => shipments.map((each) => each.trackingNumber)),
  }),
  'fulfilSplitOrder.compensated.v1': rejected,
  'fulfilSplitOrder.cancelled.v1': cancelled,
};

/** A result that is none of the published form confirms the order all the same. */
const tracked = <R>(schema: z.ZodType<R>, result: unknown, numbersIn: (result: R) => readonly string[]): Outcome => {
  const parsed = schema.safeParse(result);
  return parsed.success ? { trackingNumber: numbersIn(parsed.data).join(', ') } : {};
};

const reasonOf = (cause: { code: string } | null): Outcome => (cause === null ? {} : { reason: cause.code });

/**
 * Sets an order's final status from the end event of the saga that is at work on it. The first end stays: repeats and late ones change
 * nothing, and neither does the end of a saga that never had the order (it was refused because another has it). An order that is not here
 * (its saga ended before it could be accepted) is logged and passed over.
 */
export const endOrder = async (pool: Pool, log: Log, event: KnownEvent<OrderEnd>): Promise<void> => {
  const { key: orderId, sagaId } = event.data;
  const end = ends[event.type](event.data);
  const before = await inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order?.saga === sagaId) await moveOrder(tx, orderId, { from: ['placed', 'accepted'], ...end });
    return order;
  });
  const of = { orderId, event: event.id };
  if (before === undefined) log.warn(of, 'the end of an order that is not here');
  else if (before.saga !== sagaId)
    log.warn({ ...of, saga: before.saga }, 'the end of a saga that is not at work on its order');
  else if (isFinal(before.status) && before.status !== end.to) {
    log.warn({ ...of, status: before.status }, 'another end of an order that has ended');
  }
};
