import { z } from 'zod';
import { action, participant } from './define.ts';
import { BusinessKey } from './ids.ts';
import { Address, Line } from './values.ts';

const lines = [{ sku: 'mug', quantity: 2 }];

/** Countries that nothing is shipped to. */
export const REFUSED_COUNTRIES: readonly string[] = ['KP', 'SY', 'CU'];

export const shipping = participant({
  book: action({
    route: 'POST /shipments',
    input: z.object({ orderId: BusinessKey, shipTo: Address, lines: z.array(Line).min(1).max(2_000) }),
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
});

/** `GET /shipments?orderId=`. */
export const Shipment = z.object({
  shipmentId: z.string(),
  orderId: BusinessKey,
  state: z.enum(['booked', 'cancelled']),
  trackingNumber: z.string(),
  country: z.string(),
});
export type Shipment = z.infer<typeof Shipment>;
