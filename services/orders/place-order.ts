import type { Pool } from 'pg';
import { sagaId } from '@amends/contracts';
import type { Order, OrderStatus } from '../../contracts/orders.ts';
import { inTransaction } from '@amends/participant/service';
import { announce } from './announce.ts';
import { contentOf, createOrder } from './create-order.ts';
import { lockOrder } from './order-status.ts';

export type Placed =
  | { readonly outcome: 'placed' | 'already-there'; readonly status: OrderStatus }
  | { readonly outcome: 'other-content' };

/**
 * Writes the order and its event, both or neither. An order that is there already stays as it is, and tells nobody again.
 *
 * @throws HTTPException 413 `too-large` when no event could carry the order
 */
export const placeOrder = (pool: Pool, order: Order): Promise<Placed> =>
  inTransaction(pool, async (tx) => {
    const { orderId } = order;
    if (await createOrder(tx, order, sagaId('fulfilOrder', orderId))) {
      await announce(tx, orderId, { type: 'shop.order.placed.v1', data: order });
      return { outcome: 'placed', status: 'placed' };
    }
    const there = await lockOrder(tx, orderId);
    if (there?.content !== contentOf(order)) return { outcome: 'other-content' };
    return { outcome: 'already-there', status: there.status };
  });
