import { and, eq, ne } from 'drizzle-orm';
import type { Log } from '@amends/runtime';
import type { Database } from '@amends/participant/service';
import type { ReturnEnd } from './order-ends.ts';
import { lockOrder, moveOrder } from './order-status.ts';
import { orders } from './schema.ts';
import type { ShopEvent } from '../shop-event.ts';

/**
 * A return that completes makes its order `returned`; one that was undone leaves it `confirmed`, and its reason is kept, since there is no
 * second. Repeats change nothing. A refund means that money was taken, so that an order of which only the end is not heard of yet is
 * returned too.
 */
export const endReturn = async (
  tx: Database,
  log: Log,
  { type, id, data: { key: orderId, cause } }: ShopEvent<ReturnEnd>,
): Promise<void> => {
  const order = await lockOrder(tx, orderId);
  if (order === undefined) log.warn({ orderId, event: id }, 'the end of a return of an order that is not here');
  else if (type === 'returnOrder.completed.v1') {
    await moveOrder(tx, orderId, { from: ['placed', 'accepted', 'confirmed'], to: 'returned' });
  } else {
    const returnRefused = cause?.code ?? 'cancelled';
    const keepsGoods = and(eq(orders.orderId, orderId), ne(orders.status, 'returned'));
    await tx.update(orders).set({ returnRefused }).where(keepsGoods);
  }
};
