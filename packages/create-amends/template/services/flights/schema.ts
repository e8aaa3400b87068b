import { instant } from '@amends/participant/service';
import { pgTable, text } from 'drizzle-orm/pg-core';

/** Seats that a trip has or had. */
export const seats = pgTable('seats', {
  seatId: text('seat_id').primaryKey(),
  tripId: text('trip_id').notNull(),
  flight: text('flight').notNull(),
  state: text('state').notNull().default('held'),
  ticket: text('ticket'),
  heldAt: instant('held_at').notNull().defaultNow(),
});
