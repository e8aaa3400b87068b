import { totalOf, type Order } from '../../contracts/orders.ts';
import type { Money } from '../../contracts/values.ts';
import { refuse } from '../../participant/index.ts';
import type { Database } from '../database.ts';
import { contentOf, createOrder } from './create-order.ts';
import { lockOrder, moveOrder } from './order-status.ts';

/**
 * The semantic lock: from now on the order is in that saga's work, and no other can accept, change or end it. Creates it when it was never
 * placed here (a saga started straight over HTTP). Refused `not-placed` when it is in any other state or of other content.
 */
export const acceptOrder = async (
  tx: Database,
  order: Order,
  _keep: unknown,
  saga: string,
): Promise<{ total: Money }> => {
  const { orderId } = order;
  await createOrder(tx, order, saga);
  const there = await lockOrder(tx, orderId);
  if (there?.content !== contentOf(order)) throw refuse('not-placed', `order ${orderId} was placed with other content`);
  if (!(await moveOrder(tx, orderId, { from: ['placed'], to: 'accepted', saga }))) {
    throw refuse('not-placed', `order ${orderId} is ${there.status}`);
  }
  return { total: totalOf(order) };
};

/** Makes an accepted order placed again, and tells nobody. An order that has ended is nobody's; a confirmed one stays so. */
export const releaseOrder = async (tx: Database, orderId: string): Promise<void> => {
  if (await moveOrder(tx, orderId, { from: ['accepted'], to: 'placed' })) return;
  const status = (await lockOrder(tx, orderId))?.status;
  if (status === 'confirmed' || status === 'returned') throw refuse('confirmed', `order ${orderId} is ${status}`);
};
