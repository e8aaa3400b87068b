import { z } from 'zod';
import { action, Instant, participant } from '@amends/contracts';
import { GivenKey, Line, Sku } from './values.ts';

const lines = [{ sku: 'mug', quantity: 2 }];

/** The goods of an order. */
export const Goods = z.object({ orderId: GivenKey, lines: z.array(Line).min(1).max(2_000) });

const ReservationId = z.string().min(1).max(128);
const RestockingId = z.string().min(1).max(128);

export const inventory = participant({
  reserve: action({
    route: 'POST /reservations',
    input: Goods,
    output: z.object({ reservationId: ReservationId }),
    undo: 'release stock',
    refusals: {
      'out-of-stock': {
        when: 'a line asks for more than is available; an unknown SKU has none',
        example: { orderId: 'o-1', lines: [{ sku: 'mug', quantity: 999_999 }] },
      },
    },
    example: { input: { orderId: 'o-1', lines }, output: { reservationId: 'r-1' } },
  }),
  ship: action({
    route: 'POST /reservations/{reservationId}/ship',
    input: z.object({ reservationId: ReservationId }),
    output: z.object({ shippedAt: Instant }),
    example: { input: { reservationId: 'r-1' }, output: { shippedAt: '2026-01-01T00:00:00.000Z' } },
  }),
  restock: action({
    route: 'POST /restockings',
    input: Goods,
    output: z.object({ restockingId: RestockingId }),
    undo: 'take restocked goods off the shelf',
    refusals: {
      'out-of-stock': {
        when: 'more would come back than has left for that order and is not back yet',
        example: { orderId: 'o-1', lines: [{ sku: 'mug', quantity: 999_999 }] },
      },
    },
    example: { input: { orderId: 'o-1', lines }, output: { restockingId: 's-1' } },
  }),
});

export const SetStock = z.object({ available: z.int().nonnegative().max(1_000_000_000) });

/** `GET /stock/{sku}`; `initial = available + reserved + shipped` always. */
export const Stock = z.object({ sku: Sku, available: z.int(), reserved: z.int(), shipped: z.int() });
export type Stock = z.infer<typeof Stock>;

export const Reservation = z.object({
  reservationId: ReservationId,
  orderId: GivenKey,
  state: z.enum(['reserved', 'released', 'shipped']),
  lines: z.array(Line),
});
export type Reservation = z.infer<typeof Reservation>;

/** `GET /restockings?orderId=`: goods that came back; `withdrawn` when they were taken off the shelf again. */
export const Restocking = z.object({
  restockingId: RestockingId,
  orderId: GivenKey,
  state: z.enum(['restocked', 'withdrawn']),
  lines: z.array(Line),
});
export type Restocking = z.infer<typeof Restocking>;
