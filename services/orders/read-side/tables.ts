import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, json, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { OrderStatus, type OrderView } from '../../../contracts/orders.ts';
import { exactly, instant, oneOf, wholeNumber, word } from '@amends/participant/service';
import type { Fact } from './fact.ts';

/**
 * Which rows of the read side are served, and which are being built: its tables hold generations side by side, so that a rebuild takes
 * nothing away until it is whole. One row.
 */
export const readSide = pgTable(
  'order_read_side',
  {
    only: boolean('only').primaryKey().default(true),
    current: integer('current').notNull(),
    building: integer('building'),
  },
  (table) => [check('only_one', sql`${table.only}`)],
);

/** What the events have said of each order, once an event. An order's view is made of these alone. */
export const orderFacts = pgTable(
  'order_facts',
  {
    generation: integer('generation').notNull(),
    orderId: text('order_id').notNull(),
    source: text('source').notNull(),
    eventId: text('event_id').notNull(),
    fact: json('fact').$type<Fact>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.generation, table.orderId, table.source, table.eventId] })],
);

/** Orders as they are shown. `total` in minor units of `currency`; `placedAt` is the first time in its history. */
export const orderViews = pgTable(
  'order_views',
  {
    generation: integer('generation').notNull(),
    orderId: text('order_id').notNull(),
    status: word('status', OrderStatus.options).notNull(),
    reason: text('reason'),
    trackingNumber: text('tracking_number'),
    currency: text('currency').notNull(),
    lines: json('lines').$type<OrderView['lines']>().notNull(),
    total: wholeNumber('total').notNull(),
    history: json('history').$type<OrderView['history']>().notNull(),
    placedAt: instant('placed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.generation, table.orderId] }),
    index('order_views_by_time').on(table.generation, table.placedAt, table.orderId),
    index('order_views_by_status').on(table.generation, table.status, table.placedAt, table.orderId),
    check('status_is_known', oneOf(table.status, OrderStatus.options)),
    check('total_is_counted_exactly', exactly(table.total, 0)),
  ],
);
