import { compensable, createSagas, pivot, pointOfNoReturn, retriable } from '@amends/saga';
import type { holidays } from './contracts.ts';

const {
  saga,
  services: { cars, hotels, cards, mail },
} = createSagas<typeof holidays>();

/** A holiday is a car, a room and a charge, or none of them. */
export const bookHoliday = saga(
  'bookHoliday',
  {
    deadline: '1 hour',
    steps: {
      reserveCar: compensable(cars.reserve, { undo: 'return car' }),
      bookRoom: compensable(hotels.book, { undo: 'cancel room' }),
      chargeCard: pivot(cards.charge),
      sendItinerary: retriable(mail.send),
    },
  },
  async ({ bookingId, customer, hotel, nights, price, card }, step) => {
    await step.reserveCar({ bookingId, nights });
    await step.bookRoom({ bookingId, hotel, nights });

    const { chargeId } = await step.chargeCard({ bookingId, card, price });
    pointOfNoReturn(step);

    await step.sendItinerary({ bookingId, customer });
    return { chargeId };
  },
);
