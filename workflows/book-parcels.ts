import { compensable } from '@amends/saga';
import { saga, shipping } from './sagas.ts';

/** Every warehouse's parcel is booked, all at once, or none is. What is booked may still be cancelled: there is no point of no return. */
export const bookParcels = saga(
  'bookParcels',
  {
    deadline: '1 hour',
    steps: {
      bookParcel: compensable(shipping.book, { undo: 'cancel booking', each: 'warehouse' }),
    },
  },
  async ({ orderId, shipTo, parcels }, step) => {
    const shipments = await Promise.all(
      parcels.map(async ({ warehouse, lines }) => ({
        warehouse,
        ...(await step.bookParcel(warehouse, { orderId, warehouse, shipTo, lines })),
      })),
    );
    return { shipments };
  },
);
