import { describeSaga } from '../testing/describe-saga.ts';
import { cancelParcels } from './cancel-parcels.ts';

/** What is cancelled was booked. */
describeSaga(cancelParcels, {
  first: {
    saga: 'bookParcels',
    input: ({ orderId, warehouses }) => ({
      orderId,
      shipTo: { country: 'DE' },
      parcels: warehouses.map((warehouse) => ({ warehouse, lines: [{ sku: 'mug', quantity: 1 }] })),
    }),
  },
});
