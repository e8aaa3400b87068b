import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Goods, Reservation } from '../../contracts/inventory.ts';
import type { Line } from '../../contracts/values.ts';
import type { Refusing } from '@amends/participant';
import { httpProblem, isoOf, type Database } from '@amends/participant/service';
import { moveAll, moveGoods } from './move-goods.ts';
import { reservationLines, reservations } from './schema.ts';

/** Takes the goods of an order off the shelf for it: all lines or none. Refused `out-of-stock` with what is short. */
export const reserve = async (
  tx: Database,
  { orderId, lines }: z.infer<typeof Goods>,
  { refuse }: Refusing<'out-of-stock'>,
): Promise<{ reservationId: string }> => {
  const reservationId = `r-${randomUUID()}`;
  await tx.insert(reservations).values({ reservationId, orderId, state: 'reserved' });
  await tx.insert(reservationLines).values(lines.map((line, position) => ({ ...line, reservationId, position })));
  const [short] = await moveGoods(tx, lines, { from: 'available', to: 'reserved' });
  if (short) throw refuse('out-of-stock', `${short.sku}: ${short.asked} asked for, ${short.there} available`);
  return { reservationId };
};

/** Puts reserved goods back on the shelf. Goods that have left cannot be: refused `shipped`. */
export const release = async (tx: Database, reservationId: string, { refuse }: Refusing<'shipped'>): Promise<void> => {
  const { state, lines: goods } = await lockReservation(tx, reservationId);
  if (state === 'released') return;
  if (state === 'shipped') throw refuse('shipped', `the goods of reservation ${reservationId} have left`);
  await tx.update(reservations).set({ state: 'released' }).where(eq(reservations.reservationId, reservationId));
  await moveAll(tx, goods, { from: 'reserved', to: 'available' });
};

/**
 * Hands reserved goods over to the carrier; goods that have left stay so, with the time they left at.
 *
 * @throws HTTPException 404 `not-found`, or 409 `conflict` when they were released: asking again is in vain
 */
export const ship = async (tx: Database, reservationId: string): Promise<{ shippedAt: string }> => {
  const { state, lines: goods, shippedAt } = await lockReservation(tx, reservationId);
  if (state === 'shipped') return { shippedAt: isoOf(shippedAt) };
  if (state !== 'reserved') {
    const detail = `reservation ${reservationId} is ${state}: there is nothing to ship`;
    throw httpProblem('conflict', { detail });
  }
  const [shipped] = await tx
    .update(reservations)
    .set({ state: 'shipped', shippedAt: sql`now()` })
    .where(eq(reservations.reservationId, reservationId))
    .returning();
  await moveAll(tx, goods, { from: 'reserved', to: 'shipped' });
  return { shippedAt: isoOf(shipped?.shippedAt) };
};

/** The reservations of an order, oldest first, with their lines as they were asked for. */
export const reservationsOf = (db: Database, ofOrder: string): Promise<Reservation[]> => {
  const { reservationId, orderId, state, reservedAt } = reservations;
  return db
    .select({ reservationId, orderId, state, lines })
    .from(reservations)
    .where(eq(orderId, ofOrder))
    .orderBy(reservedAt, reservationId);
};

/** The goods of a reservation, as they were asked for. */
export const lines = sql<Line[]>`(
  select json_agg(json_build_object('sku', sku, 'quantity', quantity) order by position)
  from reservation_lines where reservation_lines.reservation_id = reservations.reservation_id)`;

const lockReservation = async (tx: Database, reservationId: string) => {
  const { state, shippedAt } = reservations;
  const [row] = await tx
    .select({ state, shippedAt, lines })
    .from(reservations)
    .where(eq(reservations.reservationId, reservationId))
    .for('update');
  if (row === undefined) {
    throw httpProblem('not-found', { detail: `there is no reservation ${reservationId}` });
  }
  return row;
};
