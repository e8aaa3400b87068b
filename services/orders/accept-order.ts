import { totalOf, type Order } from '../../contracts/orders.ts';
import type { Money } from '../../contracts/values.ts';
import type { ActionContext } from '@amends/participant';
import { atOnce, type Database } from '@amends/participant/service';
import { announce } from './announce.ts';
import { contentOf, createOrder } from './create-order.ts';
import { lockOrder, moveOrder } from './order-status.ts';

/**
 * The semantic lock: from now on the order is in that saga's work, and no other can accept, change or end it. Creates it when it was never
 * placed here (a saga started straight over HTTP). Refused `not-placed` when it is in any other state or of other content. Three round trips.
 */
export const acceptOrder = async (
  tx: Database,
  order: Order,
  { saga, refuse }: ActionContext<'not-placed'>,
): Promise<{ total: Money }> => {
  const { orderId, currency, lines } = order;
  const [, there] = await atOnce(createOrder(tx, order, saga), lockOrder(tx, orderId));
  if (there?.content !== contentOf(order)) throw refuse('not-placed', `order ${orderId} was placed with other content`);
  if (there.status !== 'placed') throw refuse('not-placed', `order ${orderId} is ${there.status}`);
  const acceptances = there.acceptances + 1;
  await atOnce(
    moveOrder(tx, orderId, { from: ['placed'], to: 'accepted', saga, acceptances }),
    announce(tx, orderId, {
      type: 'shop.order.accepted.v1',
      data: { orderId, sagaId: saga, ordinal: acceptances, currency, lines },
    }),
  );
  return { total: totalOf(order) };
};
