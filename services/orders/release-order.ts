import type { Refusing } from '@amends/participant';
import { atOnce, type Database } from '@amends/participant/service';
import { EVENT_SOURCE } from './event-source.ts';
import { lockOrder, moveOrder } from './order-status.ts';
import { project } from './read-side/project.ts';
import { orderReleases } from './schema.ts';

/** An order is placed again: an event that this service keeps to itself, in `order_releases`, since nobody else is told. */
export interface OrderReleased {
  readonly type: 'order.released';
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly data: { readonly orderId: string; readonly ordinal: number };
}

export const orderReleased = ({ orderId, ordinal, at }: typeof orderReleases.$inferSelect): OrderReleased => ({
  type: 'order.released',
  id: `${orderId}/released/${ordinal}`,
  source: EVENT_SOURCE,
  time: at.toISOString(),
  data: { orderId, ordinal },
});

/** Makes an accepted order placed again, and tells nobody. An order that has ended is nobody's; a confirmed one stays so. */
export const releaseOrder = async (tx: Database, orderId: string, { refuse }: Refusing<'confirmed'>): Promise<void> => {
  const order = await lockOrder(tx, orderId);
  const status = order?.status;
  if (status === 'confirmed' || status === 'returned') throw refuse('confirmed', `order ${orderId} is ${status}`);
  if (order === undefined || status !== 'accepted') return;
  const release = { orderId, ordinal: order.acceptances, at: new Date() };
  await atOnce(
    moveOrder(tx, orderId, { from: ['accepted'], to: 'placed' }),
    tx.insert(orderReleases).values(release),
    project(tx, orderReleased(release)),
  );
};
