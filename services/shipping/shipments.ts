import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { REFUSED_COUNTRIES, type shipping, type Shipment } from '../../contracts/shipping.ts';
import { refuse } from '../../participant/index.ts';
import type { Database } from '../database.ts';
import { shipments } from './schema.ts';

const TRACKING_BYTES = 8;

/** Books a carrier. Refused `country-not-served`. */
export const book = async (
  tx: Database,
  { orderId, shipTo, lines }: z.output<typeof shipping.actions.book.input>,
): Promise<{ shipmentId: string; trackingNumber: string }> => {
  const { country } = shipTo;
  if (REFUSED_COUNTRIES.includes(country)) throw refuse('country-not-served', `nothing is shipped to ${country}`);
  const shipmentId = `h-${randomUUID()}`;
  const trackingNumber = `T${randomBytes(TRACKING_BYTES).toString('hex').toUpperCase()}`;
  await tx.insert(shipments).values({ shipmentId, orderId, state: 'booked', trackingNumber, country, shipTo, lines });
  return { shipmentId, trackingNumber };
};

/** Cancels a booking; one that is cancelled, or never was, stays so. */
export const cancelBooking = async (tx: Database, shipmentId: string): Promise<void> => {
  await tx.update(shipments).set({ state: 'cancelled' }).where(eq(shipments.shipmentId, shipmentId));
};

/** The shipments of an order, oldest first. */
export const shipmentsOf = (db: Database, ofOrder: string): Promise<Shipment[]> => {
  const { shipmentId, orderId, state, trackingNumber, country, bookedAt } = shipments;
  return db
    .select({ shipmentId, orderId, state, trackingNumber, country })
    .from(shipments)
    .where(eq(orderId, ofOrder))
    .orderBy(bookedAt, shipmentId);
};
