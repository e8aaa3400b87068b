import type { z } from 'zod';
import { exampleOrder } from '../../contracts/orders.ts';
import type { ParcelsOfOrder } from '../../contracts/parcels.ts';
import type { ReturnRequest } from '../../contracts/returns.ts';

/** Another saga of the same key that has to have completed, or a saga's example makes no sense in the shop. */
export interface ComesBefore {
  readonly saga: string;
  readonly input: unknown;
}

const before: Readonly<Record<string, ((input: never) => ComesBefore) | undefined>> = {
  returnOrder: ({ orderId, customerId, lines, amount, shipFrom }: ReturnRequest) => {
    const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
    const priced = lines.map((line) => ({ ...line, unitPrice: amount.amount / quantity }));
    const { currency } = amount;
    return {
      saga: 'fulfilOrder',
      input: { ...exampleOrder, orderId, customerId, currency, lines: priced, shipTo: shipFrom },
    };
  },
  cancelParcels: ({ orderId, warehouses }: z.infer<typeof ParcelsOfOrder>) => ({
    saga: 'bookParcels',
    input: {
      orderId,
      shipTo: exampleOrder.shipTo,
      parcels: warehouses.map((warehouse) => ({ warehouse, lines: [{ sku: 'mug', quantity: 1 }] })),
    },
  }),
};

/** What comes before a run of that saga; undefined: nothing. */
export const comesBefore = (saga: string, input: unknown): ComesBefore | undefined => before[saga]?.(input as never);
