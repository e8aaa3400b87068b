import { log, proxyActivities } from '@temporalio/workflow';
import type { createActivities, Holiday } from './activities.ts';

interface Compensation {
  readonly message: string;
  readonly fn: () => Promise<unknown>;
}

const { reserveCar, returnCar, bookRoom, cancelRoom, chargeCard, refundCard, sendItinerary } = proxyActivities<
  ReturnType<typeof createActivities>
>({ startToCloseTimeout: '10 seconds', retry: { maximumAttempts: 5 } });

/** A holiday is a car, a room and a charge. */
export async function bookHoliday(holiday: Holiday): Promise<{ chargeId: string }> {
  const compensations: Compensation[] = [];
  try {
    const { carId } = await reserveCar(holiday);
    compensations.unshift({ message: 'returning the car', fn: () => returnCar(carId) });

    const { roomId } = await bookRoom(holiday);
    compensations.unshift({ message: 'cancelling the room', fn: () => cancelRoom(roomId) });

    const { chargeId } = await chargeCard(holiday);
    compensations.unshift({ message: 'refunding the card', fn: () => refundCard(chargeId) });

    await sendItinerary(holiday.bookingId, holiday.customer);
    return { chargeId };
  } catch (err) {
    log.error('the holiday failed: compensating', { err });
    await compensate(compensations);
    throw err;
  }
}

async function compensate(compensations: readonly Compensation[]): Promise<void> {
  for (const { message, fn } of compensations) {
    try {
      log.info(message);
      await fn();
    } catch (err) {
      log.error('failed to compensate', { err }); // swallow errors
    }
  }
}
