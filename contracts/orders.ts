import { z } from 'zod';
import { action, participant, words } from '@amends/contracts';
import { PARCELS_MAX } from './parcels.ts';
import { Address, GivenKey, Line, Money } from './values.ts';

export const OrderLine = Line.extend({ unitPrice: z.int().nonnegative().max(1_000_000_000) });

/** What a line costs, in minor units. */
const priceOf = (lines: readonly z.infer<typeof OrderLine>[]): number =>
  lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0);

const TOO_LARGE = 'the total is too large to be counted exactly';
const countsExactly = (lines: readonly z.infer<typeof OrderLine>[]): boolean => Number.isSafeInteger(priceOf(lines));

/** An order as a customer places it; also the data of `shop.order.placed.v1` and the input of `fulfilOrder`. */
export const Order = z.object({
  orderId: GivenKey,
  customerId: words(128),
  currency: z.string().regex(/^[A-Z]{3}$/),
  lines: z.array(OrderLine).min(1).max(2_000).refine(countsExactly, TOO_LARGE),
  shipTo: Address,
  paymentToken: words(128),
});
export type Order = z.infer<typeof Order>;

/** An order whose goods leave from several warehouses: one parcel each. */
export const SplitOrder = Order.extend({
  lines: z
    .array(OrderLine.extend({ warehouse: GivenKey }))
    .min(1)
    .max(2_000)
    .refine(countsExactly, TOO_LARGE)
    .refine(
      (lines) => new Set(lines.map(({ warehouse }) => warehouse)).size <= PARCELS_MAX,
      `more than ${PARCELS_MAX} warehouses`,
    ),
});
export type SplitOrder = z.infer<typeof SplitOrder>;

/** What an order costs, in minor units of its currency. */
export const totalOf = (order: Pick<Order, 'lines' | 'currency'>): Money => ({
  amount: priceOf(order.lines),
  currency: order.currency,
});

export const exampleOrder: Order = {
  orderId: 'o-1',
  customerId: 'c-1',
  currency: 'EUR',
  lines: [{ sku: 'mug', quantity: 2, unitPrice: 900 }],
  shipTo: { country: 'DE' },
  paymentToken: 'tok_ok',
};

export const orders = participant({
  accept: action({
    route: 'POST /orders/{orderId}/accept',
    input: Order,
    output: z.object({ total: Money }),
    undo: 'release order',
    refusals: { 'not-placed': { when: 'somebody else has accepted, cancelled or changed it' } },
    example: { input: exampleOrder, output: { total: { amount: 1800, currency: 'EUR' } } },
  }),
});

/**
 * A saga has begun to work on an order: the data of `shop.order.accepted.v1`. `ordinal` counts how often one has: an order that is released
 * may be accepted again.
 */
export const OrderAccepted = z.object({
  orderId: GivenKey,
  sagaId: z.string(),
  ordinal: z.int().positive(),
  currency: Order.shape.currency,
  lines: Order.shape.lines,
});

/** `rejected`, `cancelled`, `confirmed` and `returned` come from the sagas' end events. */
export const OrderStatus = z.enum(['placed', 'accepted', 'confirmed', 'rejected', 'cancelled', 'returned']);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** `POST /orders`: an order whose id may be left to the service. */
export const PlaceOrder = Order.partial({ orderId: true });

export const CancelOrder = z.object({ reason: words(500) });

/** `POST /orders/{orderId}/returns`: all of the order comes back, from where it was shipped to. */
export const ReturnOrder = z.object({ reason: words(500) });

/** `POST /orders` answers this. */
export const PlacedOrder = z.object({ orderId: GivenKey, status: OrderStatus });

/**
 * `GET /orders/{orderId}`: the orders service's read side. `total` in minor units of `currency`. `trackingNumber`: of several
 * parcels all of them, `T1, T2`.
 */
export const OrderView = z.object({
  orderId: GivenKey,
  status: OrderStatus,
  reason: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  currency: z.string(),
  lines: z.array(OrderLine),
  total: z.int(),
  history: z.array(z.object({ at: z.string(), status: OrderStatus })),
});
export type OrderView = z.infer<typeof OrderView>;
