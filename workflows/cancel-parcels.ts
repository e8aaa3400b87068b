import { pointOfNoReturn, retriable } from '@amends/saga';
import { saga, shipping } from './sagas.ts';

/**
 * Undoes `bookParcels` after it has completed, or was killed: cancels whatever is booked of the order from these warehouses. Nothing is
 * refused and nothing undone, so that there is no way back from its start on.
 *
 * It looks once and blocks nothing. A killed `bookParcels` may have a request on its way that books after the look: its recovery run,
 * which the sweep starts, seals the shipping service and undoes that too, and to it a parcel that was cancelled here is undone already.
 */
export const cancelParcels = saga(
  'cancelParcels',
  {
    steps: {
      cancelParcel: retriable(shipping.cancelParcel, { each: 'warehouse' }),
    },
  },
  async ({ orderId, warehouses }, step) => {
    pointOfNoReturn(step);
    const answers = await Promise.all(
      warehouses.map(async (warehouse) => ({
        warehouse,
        ...(await step.cancelParcel(warehouse, { orderId, warehouse })),
      })),
    );
    return { cancelled: answers.filter(({ cancelled }) => cancelled).map(({ warehouse }) => warehouse) };
  },
);
