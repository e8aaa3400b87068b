import { sql } from 'drizzle-orm';
import { check, index, integer, json, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { Reservation, Restocking } from '../../contracts/inventory.ts';
import type { Line } from '../../contracts/values.ts';
import { exactly, instant, oneOf, wholeNumber, word } from '@amends/participant/columns';

export const reservationStates = Reservation.shape.state.options;
export const restockingStates = Restocking.shape.state.options;

/** What there is of each SKU; a unit is in exactly one of the three columns, and none is ever negative. */
export const stock = pgTable(
  'stock',
  {
    sku: text('sku').primaryKey(),
    available: wholeNumber('available').notNull(),
    reserved: wholeNumber('reserved').notNull().default(0),
    shipped: wholeNumber('shipped').notNull().default(0),
  },
  (table) => [
    check('available_never_negative', exactly(table.available, 0)),
    check('reserved_never_negative', exactly(table.reserved, 0)),
    check('shipped_never_negative', exactly(table.shipped, 0)),
  ],
);

export const reservations = pgTable(
  'reservations',
  {
    reservationId: text('reservation_id').primaryKey(),
    orderId: text('order_id').notNull(),
    state: word('state', reservationStates).notNull(),
    reservedAt: instant('reserved_at').notNull().defaultNow(),
    shippedAt: instant('shipped_at'),
  },
  (table) => [
    index('reservations_of_order').on(table.orderId, table.reservedAt),
    check('state_is_known', oneOf(table.state, reservationStates)),
    check('shipped_has_its_time', sql`(${table.state} = 'shipped') = (${table.shippedAt} is not null)`),
  ],
);

/** The goods as they were asked for, in that order; the same SKU may come twice. */
export const reservationLines = pgTable(
  'reservation_lines',
  {
    reservationId: text('reservation_id')
      .notNull()
      .references(() => reservations.reservationId),
    position: integer('position').notNull(),
    sku: text('sku').notNull(),
    quantity: wholeNumber('quantity').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.reservationId, table.position] }),
    check('quantity_is_positive', exactly(table.quantity, 1)),
  ],
);

/** Goods of an order that came back and were put on the shelf again. */
export const restockings = pgTable(
  'restockings',
  {
    restockingId: text('restocking_id').primaryKey(),
    orderId: text('order_id').notNull(),
    state: word('state', restockingStates).notNull(),
    lines: json('lines').$type<Line[]>().notNull(),
    restockedAt: instant('restocked_at').notNull().defaultNow(),
  },
  (table) => [
    index('restockings_of_order').on(table.orderId, table.restockedAt),
    check('state_is_known', oneOf(table.state, restockingStates)),
  ],
);
