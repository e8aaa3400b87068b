import { totalOf, type Order } from '../../contracts/orders.ts';
import { fingerprint, type Database } from '@amends/participant/service';
import { orderLines, orders } from './schema.ts';

/** What tells an order from another one with its id: everything in it. */
export const contentOf = (order: Order): string => fingerprint(order);

/**
 * Writes a new order as `placed`; false, and nothing happens, when there is one with its id, whatever its content. `saga` is the id of
 * the saga that is to fulfil it.
 */
export const createOrder = async (tx: Database, order: Order, saga: string): Promise<boolean> => {
  const { orderId, customerId, currency, lines, shipTo } = order;
  const created = await tx
    .insert(orders)
    .values({
      orderId,
      content: contentOf(order),
      customerId,
      currency,
      total: totalOf(order).amount,
      shipTo,
      status: 'placed',
      saga,
    })
    .onConflictDoNothing()
    .returning({ orderId: orders.orderId });
  if (created.length === 0) return false;
  await tx.insert(orderLines).values(lines.map((line, position) => ({ ...line, orderId, position })));
  return true;
};
