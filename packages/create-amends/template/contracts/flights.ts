import { action, BusinessKey, participant } from '@amends/contracts';
import { z } from 'zod';
import { exampleTrip, Trip } from './trip.ts';

const Seat = z.object({ seatId: z.string() });
const SeatOfTrip = Trip.pick({ tripId: true, traveller: true, flight: true });
const { tripId, traveller, flight } = exampleTrip;

/** What the flights service can be asked to do. */
export const flights = participant({
  hold: action({
    route: 'POST /seats',
    input: SeatOfTrip,
    output: Seat,
    refusals: {
      'no-such-flight': { when: 'no flight has that number', example: { tripId, traveller, flight: 'XX000' } },
      'sold-out': { when: 'no seat is left', example: { tripId, traveller, flight: 'FULL1' } },
    },
    undo: 'release seat',
    example: { input: { tripId, traveller, flight }, output: { seatId: 's-1' } },
  }),
  buy: action({
    route: 'POST /seats/{seatId}/buy',
    input: z.object({ tripId: BusinessKey, seatId: z.string() }),
    output: z.object({ ticket: z.string() }),
    example: { input: { tripId, seatId: 's-1' }, output: { ticket: 'T-1' } },
  }),
});
