import { z } from 'zod';
import { action, Instant, participant } from '@amends/contracts';
import { ReturnReceived } from './returns.ts';
import { Address, GivenKey, Line } from './values.ts';

const lines = [{ sku: 'mug', quantity: 2 }];

/** Countries that nothing is shipped to, nor from. */
export const REFUSED_COUNTRIES: readonly string[] = ['KP', 'SY', 'CU'];

export const shipping = participant({
  book: action({
    route: 'POST /shipments',
    input: z.object({
      orderId: GivenKey,
      /** Where the parcel leaves from, when an order ships from several: one booked parcel a warehouse. */
      warehouse: GivenKey.optional(),
      shipTo: Address,
      lines: z.array(Line).min(1).max(2_000),
    }),
    output: z.object({ shipmentId: z.string(), trackingNumber: z.string() }),
    undo: 'cancel booking',
    refusals: {
      'country-not-served': {
        when: 'it would go to KP, SY or CU',
        example: { orderId: 'o-1', shipTo: { country: 'KP' }, lines },
      },
    },
    example: {
      input: { orderId: 'o-1', shipTo: { country: 'DE' }, lines },
      output: { shipmentId: 'h-1', trackingNumber: 'T1' },
    },
  }),
  cancelParcel: action({
    route: 'POST /cancellations',
    input: z.object({ orderId: GivenKey, warehouse: GivenKey }),
    /** Whether a parcel of that order was booked from there; it no longer is. */
    output: z.object({ cancelled: z.boolean() }),
    example: { input: { orderId: 'o-1', warehouse: 'w-1' }, output: { cancelled: true } },
  }),
  sendReturnLabel: action({
    route: 'POST /return-labels',
    input: z.object({ orderId: GivenKey, shipFrom: Address }),
    output: z.object({ labelId: z.string() }),
    undo: 'void label',
    refusals: {
      'country-not-served': {
        when: 'it would come from KP, SY or CU',
        example: { orderId: 'o-1', shipFrom: { country: 'KP' } },
      },
    },
    example: { input: { orderId: 'o-1', shipFrom: { country: 'DE' } }, output: { labelId: 'l-1' } },
  }),
});

/** `GET /shipments?orderId=`; `warehouse` when its booking named one. */
export const Shipment = z.object({
  shipmentId: z.string(),
  orderId: GivenKey,
  warehouse: GivenKey.nullable(),
  state: z.enum(['booked', 'cancelled']),
  trackingNumber: z.string(),
  country: z.string(),
});
export type Shipment = z.infer<typeof Shipment>;

/** `GET /return-labels?orderId=`; `receivedAt` once the parcel has come. */
export const ReturnLabel = z.object({
  labelId: z.string(),
  orderId: GivenKey,
  state: z.enum(['sent', 'voided']),
  country: z.string(),
  receivedAt: Instant.nullable(),
});
export type ReturnLabel = z.infer<typeof ReturnLabel>;

/** `POST /return-labels/{labelId}/received`: what was in the parcel that came with the label. */
export const ReceiveReturn = ReturnReceived.omit({ orderId: true });
export type ReceiveReturn = z.infer<typeof ReceiveReturn>;
