import type { shop } from '../contracts/app.ts';
import { compensable, pivot, pointOfNoReturn, retriable, type SagaInput } from '@amends/saga';
import { childSaga, inventory, notifications, orders, payments, saga } from './sagas.ts';

/** As fulfilOrder, for an order whose goods leave from several warehouses: each sends a parcel of its own. */
export const fulfilSplitOrder = saga(
  'fulfilSplitOrder',
  {
    deadline: '2 hours',
    steps: {
      acceptOrder: compensable(orders.accept, { undo: 'release order', lock: true }),
      reserveStock: compensable(inventory.reserve, { undo: 'release stock' }),
      authorizePayment: compensable(payments.authorize, { undo: 'void authorization' }),
      bookParcels: childSaga('bookParcels', {
        key: ({ orderId }) => orderId,
        undo: 'cancelParcels',
        given: ({ orderId, parcels }) => ({ orderId, warehouses: parcels.map(({ warehouse }) => warehouse) }),
      }),
      capturePayment: pivot(payments.capture),
      shipStock: retriable(inventory.ship),
      notifyCustomer: retriable(notifications.send, { whenExhausted: 'skip' }),
    },
  },
  async (order, step) => {
    const { orderId, customerId, lines, shipTo, paymentToken } = order;
    const { total } = await step.acceptOrder(order);

    const [{ reservationId }, { paymentId }] = await Promise.all([
      step.reserveStock({ orderId, lines }),
      step.authorizePayment({ orderId, amount: total, paymentToken }),
    ]);
    const { shipments } = await step.bookParcels({ orderId, shipTo, parcels: parcelsOf(order) });

    await step.capturePayment({ paymentId });
    pointOfNoReturn(step);

    await step.shipStock({ reservationId });
    const trackingNumber = shipments.map((shipment) => shipment.trackingNumber).join(', ');
    await step.notifyCustomer({ orderId, customerId, template: 'order-confirmed', facts: { trackingNumber } });
    return { shipments };
  },
);

/** One a warehouse, in the order in which the lines first name it. */
const parcelsOf = ({
  lines,
}: SagaInput<typeof shop, 'fulfilSplitOrder'>): SagaInput<typeof shop, 'bookParcels'>['parcels'] =>
  [...new Set(lines.map(({ warehouse }) => warehouse))].map((warehouse) => ({
    warehouse,
    lines: lines.filter((line) => line.warehouse === warehouse).map(({ sku, quantity }) => ({ sku, quantity })),
  }));
