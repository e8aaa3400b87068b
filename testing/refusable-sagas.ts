// Sagas whose steps past the point of no return can be refused by a real participant.
import { compensable, pointOfNoReturn, retriable } from '../packages/saga/src/index.ts';
import { inventory, shipping } from '../workflows/sagas.ts';
import { oddSaga as odd } from './odd-saga.ts';

const bookShipment = compensable(shipping.book, { undo: 'cancel booking' });

/** Reserves what it has already promised. */
export const reservesPast = odd(
  'reservesPast',
  { bookShipment, reserveStock: retriable(inventory.reserve, { whenExhausted: 'park' }) },
  async ({ orderId, shipTo, lines }, step) => {
    await step.bookShipment({ orderId, shipTo, lines });
    pointOfNoReturn(step);
    const { reservationId } = await step.reserveStock({ orderId, lines });
    return reservationId;
  },
);

/** The same, a line at a time. */
export const reservesEachPast = odd(
  'reservesEachPast',
  { bookShipment, reserveStock: retriable(inventory.reserve, { whenExhausted: 'park', each: 'line' }) },
  async ({ orderId, shipTo, lines }, step) => {
    await step.bookShipment({ orderId, shipTo, lines });
    pointOfNoReturn(step);
    for (const [n, line] of lines.entries()) await step.reserveStock(`w-${n + 1}`, { orderId, lines: [line] });
    return 'reserved';
  },
);
