import { instant, oneOf, word } from '@amends/participant/columns';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';

const seatStates = ['held', 'released', 'bought'] as const;

/** Seats that a trip has or had. */
export const seats = pgTable(
  'seats',
  {
    seatId: text('seat_id').primaryKey(),
    tripId: text('trip_id').notNull(),
    flight: text('flight').notNull(),
    state: word('state', seatStates).notNull().default('held'),
    ticket: text('ticket'),
    heldAt: instant('held_at').notNull().defaultNow(),
  },
  (table) => [index('seats_of_trip').on(table.tripId), check('state_is_known', oneOf(table.state, seatStates))],
);
