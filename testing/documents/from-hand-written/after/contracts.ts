import { action, BusinessKey, defineApp, participant, sagaContract, sagaEvents } from '@amends/contracts';
import { z } from 'zod';

/** What a customer wants. `price` in cents. */
const Holiday = z.object({
  bookingId: BusinessKey,
  customer: z.string().min(1).max(200),
  hotel: z.string().min(1).max(100),
  nights: z.int().min(1).max(60),
  price: z.int().positive(),
  card: z.string(),
});

const example = { bookingId: 'h-1', customer: 'A. Person', hotel: 'Harbour', nights: 7, price: 90_000, card: 'tok_1' };
const { bookingId, customer, hotel, nights, price, card } = example;

export const cars = participant({
  reserve: action({
    route: 'POST /cars',
    input: Holiday.pick({ bookingId: true, nights: true }),
    output: z.object({ carId: z.string() }),
    refusals: { 'no-car': { when: 'every car is out', example: { bookingId, nights: 60 } } },
    undo: 'return car',
    example: { input: { bookingId, nights }, output: { carId: 'c-1' } },
  }),
});

const hotels = participant({
  book: action({
    route: 'POST /rooms',
    input: Holiday.pick({ bookingId: true, hotel: true, nights: true }),
    output: z.object({ roomId: z.string() }),
    refusals: { full: { when: 'no room is free', example: { bookingId, hotel: 'Full House', nights } } },
    undo: 'cancel room',
    example: { input: { bookingId, hotel, nights }, output: { roomId: 'r-1' } },
  }),
});

const cards = participant({
  charge: action({
    route: 'POST /charges',
    input: Holiday.pick({ bookingId: true, card: true, price: true }),
    output: z.object({ chargeId: z.string() }),
    refusals: { declined: { when: 'the bank says no', example: { bookingId, card: 'tok_declined', price } } },
    example: { input: { bookingId, card, price }, output: { chargeId: 'p-1' } },
  }),
});

const mail = participant({
  send: action({
    route: 'POST /itineraries',
    input: Holiday.pick({ bookingId: true, customer: true }),
    output: z.object({ mailId: z.string() }),
    example: { input: { bookingId, customer }, output: { mailId: 'm-1' } },
  }),
});

export const bookHoliday = sagaContract({
  input: Holiday,
  result: z.object({ chargeId: z.string() }),
  key: (holiday) => holiday.bookingId,
  example,
  exampleResult: { chargeId: 'p-1' },
});

const sagas = { bookHoliday };
export const holidays = defineApp({ services: { cars, hotels, cards, mail }, sagas, events: sagaEvents(sagas) });
