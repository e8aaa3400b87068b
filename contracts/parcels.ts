import { z } from 'zod';
import { Address, GivenKey, Line } from './values.ts';

/** Each parcel is booked by a call of its own, all at once. */
export const PARCELS_MAX = 50;

const eachOnce = (warehouses: readonly string[]): boolean => new Set(warehouses).size === warehouses.length;
const ONCE = 'names a warehouse twice';

/** What leaves from one warehouse. */
const Parcel = z.object({ warehouse: GivenKey, lines: z.array(Line).min(1).max(2_000) });

/** The parcels of one order: one a warehouse. */
export const Parcels = z.object({
  orderId: GivenKey,
  shipTo: Address,
  parcels: z
    .array(Parcel)
    .min(1)
    .max(PARCELS_MAX)
    .refine((parcels) => eachOnce(parcels.map(({ warehouse }) => warehouse)), ONCE),
});

/** The same, by their names. */
export const ParcelsOfOrder = z.object({
  orderId: GivenKey,
  warehouses: z.array(GivenKey).max(PARCELS_MAX).refine(eachOnce, ONCE),
});

/** A parcel that is booked. */
export const ParcelShipment = z.object({ warehouse: GivenKey, shipmentId: z.string(), trackingNumber: z.string() });
