import { z } from 'zod';
import { sagaContract } from '@amends/contracts';
import { exampleOrder, Order, SplitOrder } from './orders.ts';
import { Parcels, ParcelShipment, ParcelsOfOrder } from './parcels.ts';
import { ReturnRequest } from './returns.ts';

const exampleShipments = [
  { warehouse: 'w-1', shipmentId: 'h-1', trackingNumber: 'T1' },
  { warehouse: 'w-2', shipmentId: 'h-2', trackingNumber: 'T2' },
];

export const fulfilOrder = sagaContract({
  input: Order,
  result: z.object({ trackingNumber: z.string() }),
  key: (order) => order.orderId,
  example: exampleOrder,
  exampleResult: { trackingNumber: 'T1' },
});

export const fulfilSplitOrder = sagaContract({
  input: SplitOrder,
  result: z.object({ shipments: z.array(ParcelShipment) }),
  key: (order) => order.orderId,
  example: {
    ...exampleOrder,
    lines: [
      { sku: 'mug', quantity: 2, unitPrice: 900, warehouse: 'w-1' },
      { sku: 'pot', quantity: 1, unitPrice: 2500, warehouse: 'w-2' },
    ],
  },
  exampleResult: { shipments: exampleShipments },
});

/** One parcel a warehouse, or none at all. */
export const bookParcels = sagaContract({
  startedBy: 'sagas',
  input: Parcels,
  result: z.object({ shipments: z.array(ParcelShipment) }),
  key: ({ orderId }) => orderId,
  example: {
    orderId: 'o-1',
    shipTo: { country: 'DE' },
    parcels: [
      { warehouse: 'w-1', lines: [{ sku: 'mug', quantity: 2 }] },
      { warehouse: 'w-2', lines: [{ sku: 'pot', quantity: 1 }] },
    ],
  },
  exampleResult: { shipments: exampleShipments },
});

/** `cancelled`: the warehouses from which a parcel had been booked. */
export const cancelParcels = sagaContract({
  startedBy: 'sagas',
  input: ParcelsOfOrder,
  result: z.object({ cancelled: ParcelsOfOrder.shape.warehouses }),
  key: ({ orderId }) => orderId,
  example: { orderId: 'o-1', warehouses: ['w-1', 'w-2'] },
  exampleResult: { cancelled: ['w-1', 'w-2'] },
});

export const returnOrder = sagaContract({
  input: ReturnRequest,
  result: z.object({ refundId: z.string() }),
  key: ({ orderId }) => orderId,
  refusals: {
    'return-denied': 'a person said no, or nobody said anything in time',
    'parcel-not-received': 'nothing came back in time',
  },
  example: {
    orderId: 'o-1',
    customerId: 'c-1',
    reason: 'too small',
    lines: [{ sku: 'mug', quantity: 2 }],
    amount: { amount: 1800, currency: 'EUR' },
    shipFrom: { country: 'DE' },
  },
  exampleResult: { refundId: 'f-1' },
});
