import { sql } from 'drizzle-orm';
import { check, index, json, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { ReturnLabel, Shipment, type ReceiveReturn } from '../../contracts/shipping.ts';
import type { Address, Line } from '../../contracts/values.ts';
import { instant, oneOf, word } from '@amends/participant/columns';

export const shipmentStates = Shipment.shape.state.options;
export const labelStates = ReturnLabel.shape.state.options;

export const shipments = pgTable(
  'shipments',
  {
    shipmentId: text('shipment_id').primaryKey(),
    orderId: text('order_id').notNull(),
    warehouse: text('warehouse'),
    state: word('state', shipmentStates).notNull(),
    trackingNumber: text('tracking_number').notNull().unique(),
    country: text('country').notNull(),
    shipTo: json('ship_to').$type<Address>().notNull(),
    lines: json('lines').$type<readonly Line[]>().notNull(),
    bookedAt: instant('booked_at').notNull().defaultNow(),
  },
  (table) => [
    index('shipments_of_order').on(table.orderId, table.bookedAt),
    // one that names no warehouse is in nobody's way: PostgreSQL holds no NULL equal to another
    uniqueIndex('one_booked_parcel_a_warehouse')
      .on(table.orderId, table.warehouse)
      .where(sql`${table.state} = 'booked'`),
    check('state_is_known', oneOf(table.state, shipmentStates)),
  ],
);

/** Labels with which customers send goods back. `receivedAt`, `received`: when the parcel came, and what was in it, as it was first said. */
export const returnLabels = pgTable(
  'return_labels',
  {
    labelId: text('label_id').primaryKey(),
    orderId: text('order_id').notNull(),
    state: word('state', labelStates).notNull(),
    country: text('country').notNull(),
    shipFrom: json('ship_from').$type<Address>().notNull(),
    sentAt: instant('sent_at').notNull().defaultNow(),
    receivedAt: instant('received_at'),
    received: json('received').$type<ReceiveReturn>(),
  },
  (table) => [
    index('labels_of_order').on(table.orderId, table.sentAt),
    check('state_is_known', oneOf(table.state, labelStates)),
  ],
);
