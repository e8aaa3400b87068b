import { check, integer, json, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { OrderStatus } from '../../contracts/orders.ts';
import type { Address } from '../../contracts/values.ts';
import { exactly, instant, oneOf, wholeNumber, word } from '@amends/participant/columns';

export * from './read-side/tables.ts';

/**
 * Orders as this service decides by them; what is shown of them is the read side's. `content` is the fingerprint of the order as it was
 * placed; the payment token is in it and is kept nowhere else here. `total` in minor units of `currency`. `saga`: the id of the saga whose end
 * is the order's: the one that its event starts, or that has accepted it since; `acceptances`: how often one has. `cancelRequestedAt`,
 * `returnRequestedAt`: that event has been handed out. `returnRefused`: why its return has come to nothing; null while there is none, or it is
 * under way, or the order is `returned`.
 */
export const orders = pgTable(
  'orders',
  {
    orderId: text('order_id').primaryKey(),
    content: text('content').notNull(),
    customerId: text('customer_id').notNull(),
    currency: text('currency').notNull(),
    total: wholeNumber('total').notNull(),
    shipTo: json('ship_to').$type<Address>().notNull(),
    status: word('status', OrderStatus.options).notNull(),
    saga: text('saga').notNull(),
    acceptances: integer('acceptances').notNull().default(0),
    cancelRequestedAt: instant('cancel_requested_at'),
    returnRequestedAt: instant('return_requested_at'),
    returnRefused: text('return_refused'),
  },
  (table) => [
    check('status_is_known', oneOf(table.status, OrderStatus.options)),
    check('total_is_counted_exactly', exactly(table.total, 0)),
  ],
);

export const orderLines = pgTable(
  'order_lines',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.orderId),
    position: integer('position').notNull(),
    sku: text('sku').notNull(),
    quantity: wholeNumber('quantity').notNull(),
    unitPrice: wholeNumber('unit_price').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    check('quantity_is_positive', exactly(table.quantity, 1)),
    check('unit_price_never_negative', exactly(table.unitPrice, 0)),
  ],
);

/** When an order that had been accepted for the `ordinal`-th time was placed again. */
export const orderReleases = pgTable(
  'order_releases',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.orderId),
    ordinal: integer('ordinal').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.ordinal] })],
);
