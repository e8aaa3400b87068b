import { totalOf, type Order } from '../../contracts/orders.ts';
import type { Money } from '../../contracts/values.ts';
import { refuse } from '../../participant/index.ts';
import type { Database } from '../database.ts';
import { contentOf, createOrder } from './create-order.ts';
import { lockOrder, moveOrder } from './order-status.ts';

/**
 * The semantic lock: from now on the order is in work, and nobody else can accept or change it. Creates it when it was never
 * placed here (a saga started straight over HTTP). Refused `not-placed` when it is in any other state or of other content.
 */
export const acceptOrder = async (tx: Database, order: Order): Promise<{ total: Money }> => {
  const { orderId } = order;
  await createOrder(tx, order);
  const there = await lockOrder(tx, orderId);
  if (there?.content !== contentOf(order)) throw refuse('not-placed', `order ${orderId} was placed with other content`);
  if (!(await moveOrder(tx, orderId, { from: ['placed'], to: 'accepted' }))) {
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
