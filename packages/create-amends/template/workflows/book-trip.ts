import { approval, compensable, pivot, pointOfNoReturn, retriable } from '@amends/saga';
import { flights, hotels, loyalty, saga } from './sagas.ts';

const CENTS_A_POINT = 100;
const NEEDS_APPROVAL = 100_000;

/** A traveller has a seat and a room, or neither. */
export const bookTrip = saga(
  'bookTrip',
  {
    deadline: '8 days',
    steps: {
      approveTrip: approval({ within: '7 days', otherwise: 'denied' }),
      holdSeat: compensable(flights.hold, { undo: 'release seat' }),
      bookRoom: compensable(hotels.book, { undo: 'cancel room' }),
      buySeat: pivot(flights.buy),
      sendVoucher: retriable(hotels.sendVoucher),
      addPoints: retriable(loyalty.addPoints, { whenExhausted: 'skip' }),
    },
  },
  async ({ tripId, traveller, flight, hotel, nights, price }, step, { refuse }) => {
    if (price >= NEEDS_APPROVAL) {
      const { decision, reason } = await step.approveTrip();
      if (decision === 'denied') throw refuse('not-approved', reason);
    }
    const [{ seatId }, { roomId }] = await Promise.all([
      step.holdSeat({ tripId, traveller, flight }),
      step.bookRoom({ tripId, traveller, hotel, nights }),
    ]);
    const { ticket } = await step.buySeat({ tripId, seatId });
    pointOfNoReturn(step);

    await step.sendVoucher({ tripId, roomId, ticket });
    await step.addPoints({ tripId, traveller, points: Math.floor(price / CENTS_A_POINT) });
    return { ticket };
  },
);
