import { eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { sagaId } from '@amends/contracts';
import type { OrderStatus } from '../../contracts/orders.ts';
import { inTransaction } from '@amends/participant/service';
import { announce } from './announce.ts';
import { isFinal, lockOrder } from './order-status.ts';
import { orders } from './schema.ts';

/** `elsewhere`: another saga has accepted the order than the one that a cancel event reaches. */
export type CancelRequested =
  | { readonly outcome: 'requested' | 'final'; readonly status: OrderStatus }
  | { readonly outcome: 'elsewhere'; readonly saga: string }
  | { readonly outcome: 'unknown' };

/**
 * Asks for an order to be cancelled: the order is marked and the event enqueued, once, however often it is asked for. What
 * comes of it is up to the saga; the order's status follows from its end.
 */
export const requestCancel = (pool: Pool, orderId: string, reason: string): Promise<CancelRequested> =>
  inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order === undefined) return { outcome: 'unknown' };
    const { status, saga } = order;
    if (isFinal(status)) return { outcome: 'final', status };
    if (saga !== sagaId('fulfilOrder', orderId)) return { outcome: 'elsewhere', saga };
    if (order.cancelRequestedAt === null) {
      await tx
        .update(orders)
        .set({ cancelRequestedAt: sql`now()` })
        .where(eq(orders.orderId, orderId));
      await announce(tx, orderId, { type: 'shop.order.cancel-requested.v1', data: { orderId, reason } });
    }
    return { outcome: 'requested', status };
  });
