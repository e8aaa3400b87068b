import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { shipping, Shipment } from '../../contracts/shipping.ts';
import type { Refusing } from '@amends/participant';
import { httpProblem, type Database } from '@amends/participant/service';
import { shipments } from './schema.ts';
import { countryServed } from './served-country.ts';

const TRACKING_BYTES = 8;
const IS_BOOKED = sql`${shipments.state} = 'booked'`;

/**
 * Books a carrier. Refused `country-not-served`.
 *
 * @throws HTTPException 409 `conflict` when another parcel of the order is booked from that warehouse: asking again is in vain
 */
export const book = async (
  tx: Database,
  { orderId, warehouse, shipTo, lines }: z.output<typeof shipping.actions.book.input>,
  context: Refusing<'country-not-served'>,
): Promise<{ shipmentId: string; trackingNumber: string }> => {
  const country = countryServed(shipTo, context);
  const shipmentId = `h-${randomUUID()}`;
  const trackingNumber = `T${randomBytes(TRACKING_BYTES).toString('hex').toUpperCase()}`;
  const parcel = { shipmentId, orderId, warehouse, trackingNumber, country, shipTo, lines };
  const booked = await tx
    .insert(shipments)
    .values({ ...parcel, state: 'booked' })
    .onConflictDoNothing({ target: [shipments.orderId, shipments.warehouse], where: IS_BOOKED })
    .returning();
  if (booked.length === 0) {
    const detail = `a parcel of order ${orderId} is booked from warehouse ${warehouse} already`;
    throw httpProblem('conflict', { detail });
  }
  return { shipmentId, trackingNumber };
};

/** Cancels a booking; one that is cancelled, or never was, stays so. */
export const cancelBooking = async (tx: Database, shipmentId: string): Promise<void> => {
  await tx.update(shipments).set({ state: 'cancelled' }).where(eq(shipments.shipmentId, shipmentId));
};

/** Cancels what is booked of an order from a warehouse; `cancelled` is false, and nothing happens, when nothing is. */
export const cancelParcel = async (
  tx: Database,
  { orderId, warehouse }: z.output<typeof shipping.actions.cancelParcel.input>,
): Promise<{ cancelled: boolean }> => {
  const cancelled = await tx
    .update(shipments)
    .set({ state: 'cancelled' })
    .where(and(eq(shipments.orderId, orderId), eq(shipments.warehouse, warehouse), IS_BOOKED))
    .returning();
  return { cancelled: cancelled.length > 0 };
};

/** The shipments of an order, oldest first. */
export const shipmentsOf = (db: Database, ofOrder: string): Promise<Shipment[]> => {
  const { shipmentId, orderId, warehouse, state, trackingNumber, country, bookedAt } = shipments;
  return db
    .select({ shipmentId, orderId, warehouse, state, trackingNumber, country })
    .from(shipments)
    .where(eq(orderId, ofOrder))
    .orderBy(bookedAt, shipmentId);
};
