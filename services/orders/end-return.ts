import { and, eq, ne } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { SagaEnd } from '../../contracts/saga-view.ts';
import type { KnownEvent } from '../../events/known-event.ts';
import type { Log } from '../../platform/log.ts';
import { inTransaction } from '../database.ts';
import { lockOrder, moveOrder } from './order-status.ts';
import { orders } from './schema.ts';

/** The types of the events with which a saga says how a return ended. */
export const RETURN_ENDS = [
  'returnOrder.completed.v1',
  'returnOrder.compensated.v1',
  'returnOrder.cancelled.v1',
] as const satisfies readonly `returnOrder.${SagaEnd}.v1`[];

type ReturnEnd = (typeof RETURN_ENDS)[number];

export const isReturnEnd = <E extends KnownEvent>(event: E): event is E & KnownEvent<ReturnEnd> =>
  RETURN_ENDS.some((type) => type === event.type);

/**
 * A return that completes makes its order `returned`; one that was undone leaves it `confirmed`, and its reason is kept, since there is no
 * second. Repeats change nothing. A refund means that money was taken, so that an order of which only the end is not heard of yet is
 * returned too.
 */
export const endReturn = async (
  pool: Pool,
  log: Log,
  { type, id, data: { key: orderId, cause } }: KnownEvent<ReturnEnd>,
): Promise<void> => {
  const completed = type === 'returnOrder.completed.v1';
  const before = await inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order === undefined) return undefined;
    if (completed) await moveOrder(tx, orderId, { from: ['accepted', 'confirmed'], to: 'returned' });
    else {
      const returnRefused = cause?.code ?? 'cancelled';
      const keepsGoods = and(eq(orders.orderId, orderId), ne(orders.status, 'returned'));
      await tx.update(orders).set({ returnRefused }).where(keepsGoods);
    }
    return order.status;
  });
  if (before === undefined) log.warn({ orderId, event: id }, 'the end of a return of an order that is not here');
};
