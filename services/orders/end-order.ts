import type { Log } from '@amends/runtime';
import type { Database } from '@amends/participant/service';
import { endOf, type OrderEnd } from './order-ends.ts';
import { isFinal, lockOrder, moveOrder } from './order-status.ts';
import type { ShopEvent } from '../shop-event.ts';

/**
 * Sets an order's final status from the end event of the saga that is at work on it. The first end stays: repeats and late ones change
 * nothing, and neither does the end of a saga that never had the order (it was refused because another has it). An order that is not here
 * (its saga ended before it could be accepted) is logged and passed over.
 */
export const endOrder = async (tx: Database, log: Log, event: ShopEvent<OrderEnd>): Promise<void> => {
  const { key: orderId, sagaId } = event.data;
  const { status } = endOf(event);
  const order = await lockOrder(tx, orderId);
  if (order?.saga === sagaId) await moveOrder(tx, orderId, { from: ['placed', 'accepted'], to: status });

  const of = { orderId, event: event.id };
  if (order === undefined) log.warn(of, 'the end of an order that is not here');
  else if (order.saga !== sagaId) {
    log.warn({ ...of, saga: order.saga }, 'the end of a saga that is not at work on its order');
  } else if (isFinal(order.status) && order.status !== status) {
    log.warn({ ...of, status: order.status }, 'another end of an order that has ended');
  }
};
