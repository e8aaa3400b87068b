import type { Refusing } from '@amends/participant';
import { atOnce, type Database } from '@amends/participant/service';
import { lockOrder, moveOrder } from './order-status.ts';
import { project } from './read-side/project.ts';
import { orderReleased } from './order-released.ts';
import { orderReleases } from './schema.ts';

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
