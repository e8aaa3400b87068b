// A small application, for the mistakes that the compiler must answer in sentences.
import { action, defineApp, event, outside, participant, sagaContract, sagaEvents } from '@amends/contracts';
import { z } from 'zod';

const Trip = z.object({ tripId: z.string(), passenger: z.string() });
const trip = { tripId: 't-1', passenger: 'A. Person' };
const Seat = z.object({ seatId: z.string() });

const flights = participant({
  hold: action({
    route: 'POST /seats',
    input: Trip,
    output: Seat,
    refusals: { full: { when: 'no seat is left' } },
    undo: 'release seat',
    example: { input: trip, output: { seatId: 's-1' } },
  }),
  buy: action({
    route: 'POST /seats/{seatId}/buy',
    input: Seat,
    output: z.object({ ticket: z.string() }),
    example: { input: { seatId: 's-1' }, output: { ticket: 'T1' } },
  }),
  mail: action({
    route: 'POST /mails',
    input: Trip,
    output: z.object({}),
    refusals: { 'no-address': { when: 'the passenger has no address' } },
    example: { input: trip, output: {} },
  }),
});
const loyalty = outside({
  add: action({ route: 'POST /points', input: Trip, output: z.object({}), example: { input: trip, output: {} } }),
});
const sagas = {
  bookTrip: sagaContract({
    input: Trip,
    result: z.object({ ticket: z.string() }),
    key: ({ tripId }) => tripId,
    refusals: { 'not-now': 'the traveller said no' },
    example: trip,
    exampleResult: { ticket: 'T1' },
  }),
};
export const trips = defineApp({
  services: { flights, loyalty },
  sagas,
  events: {
    'trips.requested.v1': event({ publishedBy: 'web', when: 'a trip is wanted', data: Trip, example: trip }),
    ...sagaEvents(sagas),
  },
});
