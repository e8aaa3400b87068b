import { eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { OrderStatus } from '../../contracts/orders.ts';
import { inTransaction, type Database } from '@amends/participant/service';
import { announce } from './announce.ts';
import { lockOrder } from './order-status.ts';
import { orderLines, orders } from './schema.ts';

/** `refused`: its return has come to nothing, for that reason, and an order is returned at most once. */
export type ReturnRequested =
  | { readonly outcome: 'requested' | 'not-confirmed'; readonly status: OrderStatus }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown' };

/**
 * Asks for a confirmed order to be taken back, all of it: the order is marked and the event enqueued, once, however often it is asked for
 * while the return is under way. What comes of it is up to the saga; the order becomes `returned` when that completes.
 *
 * @throws HTTPException 413 `too-large` when no event could carry it
 */
export const requestReturn = (pool: Pool, orderId: string, reason: string): Promise<ReturnRequested> =>
  inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order === undefined) return { outcome: 'unknown' };
    const { status, returnRefused } = order;
    if (status !== 'confirmed') return { outcome: 'not-confirmed', status };
    if (returnRefused !== null) return { outcome: 'refused', reason: returnRefused };
    if (order.returnRequestedAt === null) await request(tx, order, reason);
    return { outcome: 'requested', status };
  });

const request = async (tx: Database, order: typeof orders.$inferSelect, reason: string): Promise<void> => {
  const { orderId, customerId, currency, total, shipTo } = order;
  const { sku, quantity, position } = orderLines;
  const ofOrder = eq(orderLines.orderId, orderId);
  const lines = await tx.select({ sku, quantity }).from(orderLines).where(ofOrder).orderBy(position);
  await tx
    .update(orders)
    .set({ returnRequestedAt: sql`now()` })
    .where(eq(orders.orderId, orderId));
  const data = { orderId, customerId, reason, lines, amount: { amount: total, currency }, shipFrom: shipTo };
  await announce(tx, orderId, { type: 'shop.return.requested.v1', data });
};
