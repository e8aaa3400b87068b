import { action, BusinessKey, participant } from '@amends/contracts';
import { z } from 'zod';
import { exampleTrip, Trip } from './trip.ts';

const RoomOfTrip = Trip.pick({ tripId: true, traveller: true, hotel: true, nights: true });
const { tripId, traveller, hotel, nights } = exampleTrip;

/** What the hotels service can be asked to do. */
export const hotels = participant({
  book: action({
    route: 'POST /rooms',
    input: RoomOfTrip,
    output: z.object({ roomId: z.string() }),
    refusals: { 'no-room': { when: 'the hotel is full', example: { tripId, traveller, hotel: 'Full House', nights } } },
    undo: 'cancel room',
    example: { input: { tripId, traveller, hotel, nights }, output: { roomId: 'r-1' } },
  }),
  sendVoucher: action({
    route: 'POST /vouchers',
    input: z.object({ tripId: BusinessKey, roomId: z.string(), ticket: z.string() }),
    output: z.object({ voucherId: z.string() }),
    example: { input: { tripId, roomId: 'r-1', ticket: 'T-1' }, output: { voucherId: 'v-1' } },
  }),
});
