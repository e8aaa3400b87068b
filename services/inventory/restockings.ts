import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Goods, Restocking } from '../../contracts/inventory.ts';
import type { Refusing } from '@amends/participant';
import type { Database } from '@amends/participant/service';
import { moveAll, moveGoods } from './move-goods.ts';
import { quantities } from './quantities.ts';
import { lines as reservedLines } from './reservations.ts';
import { reservations, restockings } from './schema.ts';

/**
 * Puts goods of an order that came back on the shelf again. Refused `out-of-stock` when more comes back than has left for that order and
 * is not back yet: what was never sold here is not stock. Restockings of one order take turns, at the rows of its reservations.
 */
export const restock = async (
  tx: Database,
  { orderId, lines }: z.infer<typeof Goods>,
  { refuse }: Refusing<'out-of-stock'>,
): Promise<{ restockingId: string }> => {
  const away = await goodsAway(tx, orderId);
  for (const [sku, quantity] of quantities(lines)) {
    const left = away.get(sku) ?? 0;
    if (quantity > left) throw refuse('out-of-stock', `${sku}: ${quantity} came back, ${left} are away for ${orderId}`);
  }
  const restockingId = `s-${randomUUID()}`;
  await tx.insert(restockings).values({ restockingId, orderId, state: 'restocked', lines });
  await moveAll(tx, lines, { from: 'shipped', to: 'available' });
  return { restockingId };
};

/** Takes restocked goods off the shelf again; refused `reserved` when others have taken some of them meanwhile. */
export const withdraw = async (tx: Database, restockingId: string, { refuse }: Refusing<'reserved'>): Promise<void> => {
  const ofId = eq(restockings.restockingId, restockingId);
  const [row] = await tx.select().from(restockings).where(ofId).for('update');
  if (row?.state !== 'restocked') return;
  await tx.update(restockings).set({ state: 'withdrawn' }).where(ofId);
  const [short] = await moveGoods(tx, row.lines, { from: 'available', to: 'shipped' });
  if (short)
    throw refuse('reserved', `${short.sku}: ${short.asked} to be taken back, ${short.there} still on the shelf`);
};

/** The restockings of an order, oldest first, with their lines as they came. */
export const restockingsOf = (db: Database, ofOrder: string): Promise<Restocking[]> => {
  const { restockingId, orderId, state, lines, restockedAt } = restockings;
  return db
    .select({ restockingId, orderId, state, lines })
    .from(restockings)
    .where(eq(orderId, ofOrder))
    .orderBy(restockedAt, restockingId);
};

/** How many of each SKU have left for an order and are not back. Locks its reservations, in the order of their ids. */
const goodsAway = async (tx: Database, orderId: string): Promise<ReadonlyMap<string, number>> => {
  const shipped = await tx
    .select({ lines: reservedLines })
    .from(reservations)
    .where(and(eq(reservations.orderId, orderId), eq(reservations.state, 'shipped')))
    .orderBy(reservations.reservationId)
    .for('update');
  const back = await tx
    .select({ lines: restockings.lines })
    .from(restockings)
    .where(and(eq(restockings.orderId, orderId), eq(restockings.state, 'restocked')));
  const away = new Map(quantities(shipped.flatMap((each) => each.lines)));
  for (const [sku, quantity] of quantities(back.flatMap((each) => each.lines))) {
    away.set(sku, (away.get(sku) ?? 0) - quantity);
  }
  return away;
};
