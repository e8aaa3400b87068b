// Each line after a comment that begins with an arrow is a mistake; the comment is part of what the compiler says of it.
import { compensable, createSagas, pivot, pointOfNoReturn, retriable } from '@amends/saga';
import { action } from '@amends/contracts';
import { z } from 'zod';
import type { trips } from './trips.ts';

const { saga, services, event } = createSagas<typeof trips>();
const { flights } = services;
const holdSeat = compensable(flights.hold, { undo: 'release seat' });
const buySeat = pivot(flights.buy);
const mail = retriable(flights.mail, { whenExhausted: 'skip' });
const ticket = { ticket: 'T1' };

// → say how it is undone, { undo: 'release seat' }, or why nothing is to undo, { noUndo: '…' }
compensable(flights.hold);
// → the service may refuse this: say what then, { whenExhausted: 'park' } or 'skip'
retriable(flights.mail);
// → a saga has at most one pivot, and this is one of several
saga('bookTrip', { steps: { buySeat, again: pivot(flights.buy) } }, async () => ticket);
// → flow is a name that the engine uses itself: call this step otherwise
saga('bookTrip', { steps: { flow: holdSeat } }, async () => ticket);
// → not assignable to parameter of type '"bookTrip"'
saga('bookTripp', { steps: { holdSeat } }, async () => ticket);
// → | "trips.requested.v1"
event('trips.requsted.v1', { within: '1 day' });

saga('bookTrip', { steps: { holdSeat, buySeat, mail } }, async (trip, step, { startedAt, refuse }) => {
  // → a retriable step: say pointOfNoReturn(step) first
  await step.mail(trip);
  // → a saga has no network: its steps call services
  void fetch('https://example.org');
  // → a saga knows no process and no environment
  void process.env;
  // → a saga has no console
  console.log(startedAt);
  // → a saga knows no clock: use saga.startedAt
  await step.buySeat({ seatId: Date.now() });
  // → a saga knows no clock: use saga.startedAt
  const at: number = Date.now();
  // → a saga knows no clock: use saga.startedAt
  await step.buySeat({ seatId: Date() });
  // → Property 'toISOString' does not exist on type 'NoClock'
  await step.buySeat({ seatId: new Date().toISOString() });
  // → Implicit conversion of a 'symbol' to a 'string' will fail at runtime
  void `${Date.now()}`; // oxlint-disable-line typescript/restrict-template-expressions -- that is the point
  // → error TS
  void (Math.random() < 0.5);
  void at;
  // → not assignable to parameter of type '"not-now"'
  if (trip.passenger === '') throw refuse('not-nw');
  const { seatId } = await step.holdSeat(trip);
  await step.buySeat({ seatId });
  pointOfNoReturn(step);
  // → past the point of no return nothing is undone: call this step before pointOfNoReturn(step)
  await step.holdSeat(trip);
  await step.mail(trip);
  return ticket;
});

const example = { input: { seatId: 's-1', trip: {} }, output: {} };
const Input = z.object({ seatId: z.string(), trip: z.object({}) });
// → the input has no field {nope} that is a word or a number
action({ route: 'POST /seats/{nope}', input: Input, output: z.object({}), example });
// → the input has no field {trip} that is a word or a number
action({ route: 'POST /seats/{trip}', input: Input, output: z.object({}), example });
// → a route is a method and a path: 'POST /reservations/{reservationId}/ship'
action({ route: '/seats', input: Input, output: z.object({}), example });
// → a route is a method and a path: 'POST /reservations/{reservationId}/ship'
action({ route: 'post /seats', input: Input, output: z.object({}), example });
