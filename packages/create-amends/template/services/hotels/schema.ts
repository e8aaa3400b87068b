import { instant } from '@amends/participant/service';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';

/** Rooms that a trip has or had. */
export const rooms = pgTable('rooms', {
  roomId: text('room_id').primaryKey(),
  tripId: text('trip_id').notNull(),
  hotel: text('hotel').notNull(),
  nights: integer('nights').notNull(),
  state: text('state').notNull().default('booked'),
  bookedAt: instant('booked_at').notNull().defaultNow(),
});

/** What travellers were sent. */
export const vouchers = pgTable('vouchers', {
  voucherId: text('voucher_id').primaryKey(),
  tripId: text('trip_id').notNull(),
  sentAt: instant('sent_at').notNull().defaultNow(),
});
