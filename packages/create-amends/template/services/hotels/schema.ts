import { instant, oneOf, word } from '@amends/participant/columns';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';

const roomStates = ['booked', 'cancelled'] as const;

/** Rooms that a trip has or had. */
export const rooms = pgTable(
  'rooms',
  {
    roomId: text('room_id').primaryKey(),
    tripId: text('trip_id').notNull(),
    hotel: text('hotel').notNull(),
    nights: integer('nights').notNull(),
    state: word('state', roomStates).notNull().default('booked'),
    bookedAt: instant('booked_at').notNull().defaultNow(),
  },
  (table) => [index('rooms_of_trip').on(table.tripId), check('state_is_known', oneOf(table.state, roomStates))],
);

/** What travellers were sent. */
export const vouchers = pgTable('vouchers', {
  voucherId: text('voucher_id').primaryKey(),
  tripId: text('trip_id').notNull(),
  sentAt: instant('sent_at').notNull().defaultNow(),
});
