import { compensable, pivot, pointOfNoReturn, retriable } from '@amends/saga';
import { inventory, notifications, orders, payments, saga, shipping } from './sagas.ts';

/** An accepted order becomes goods on their way and money received, or neither. */
export const fulfilOrder = saga(
  'fulfilOrder',
  {
    deadline: '2 hours',
    steps: {
      acceptOrder: compensable(orders.accept, { undo: 'release order', lock: true }),
      reserveStock: compensable(inventory.reserve, { undo: 'release stock' }),
      authorizePayment: compensable(payments.authorize, { undo: 'void authorization' }),
      bookShipment: compensable(shipping.book, { undo: 'cancel booking' }),
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
    const { trackingNumber } = await step.bookShipment({ orderId, shipTo, lines });

    await step.capturePayment({ paymentId });
    pointOfNoReturn(step);

    await step.shipStock({ reservationId });
    await step.notifyCustomer({ orderId, customerId, template: 'order-confirmed', facts: { trackingNumber } });
    return { trackingNumber };
  },
);
