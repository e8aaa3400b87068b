import type { StageOf } from '@amends/testing';
import type { shop } from '../contracts/app.ts';
import { exampleOrder } from '../contracts/orders.ts';
import type { Shop } from './shop.ts';

/** What has to have completed before a saga makes sense in the shop: what is given back was ordered, what is cancelled was booked. */
export const comesBefore: NonNullable<StageOf<typeof shop, Shop>['comesBefore']> = {
  returnOrder: ({ orderId, customerId, lines, amount, shipFrom }) => {
    const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
    const priced = lines.map((line) => ({ ...line, unitPrice: amount.amount / quantity }));
    const { currency } = amount;
    return {
      saga: 'fulfilOrder',
      input: { ...exampleOrder, orderId, customerId, currency, lines: priced, shipTo: shipFrom },
    };
  },
  cancelParcels: ({ orderId, warehouses }) => ({
    saga: 'bookParcels',
    input: {
      orderId,
      shipTo: exampleOrder.shipTo,
      parcels: warehouses.map((warehouse) => ({ warehouse, lines: [{ sku: 'mug', quantity: 1 }] })),
    },
  }),
};
