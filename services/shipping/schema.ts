import { check, index, json, pgTable, text } from 'drizzle-orm/pg-core';
import { Shipment } from '../../contracts/shipping.ts';
import type { Address, Line } from '../../contracts/values.ts';
import { instant, oneOf, word } from '../columns.ts';

export const shipmentStates = Shipment.shape.state.options;

export const shipments = pgTable(
  'shipments',
  {
    shipmentId: text('shipment_id').primaryKey(),
    orderId: text('order_id').notNull(),
    state: word('state', shipmentStates).notNull(),
    trackingNumber: text('tracking_number').notNull().unique(),
    country: text('country').notNull(),
    shipTo: json('ship_to').$type<Address>().notNull(),
    lines: json('lines').$type<readonly Line[]>().notNull(),
    bookedAt: instant('booked_at').notNull().defaultNow(),
  },
  (table) => [
    index('shipments_of_order').on(table.orderId, table.bookedAt),
    check('state_is_known', oneOf(table.state, shipmentStates)),
  ],
);
