import { approval, compensable, pivot, pointOfNoReturn, retriable } from '@amends/saga';
import { event, inventory, notifications, payments, saga, shipping } from './sagas.ts';

/** Goods come back, then money goes back; without the goods, nothing does. What came back damaged is not sold again. */
export const returnOrder = saga(
  'returnOrder',
  {
    deadline: '60 days',
    steps: {
      approveReturn: approval({ within: '7 days', otherwise: 'denied' }),
      sendLabel: compensable(shipping.sendReturnLabel, { undo: 'void label' }),
      receiveParcel: event('shop.return.received.v1', { within: '14 days' }),
      restock: compensable(inventory.restock, { undo: 'take restocked goods off the shelf' }),
      refundPayment: pivot(payments.refund),
      notifyCustomer: retriable(notifications.send, { whenExhausted: 'skip' }),
    },
  },
  async ({ orderId, customerId, amount, shipFrom }, step, { refuse }) => {
    const { decision, reason } = await step.approveReturn();
    if (decision === 'denied') throw refuse('return-denied', reason);

    await step.sendLabel({ orderId, shipFrom });
    const parcel = await step.receiveParcel();
    if (!parcel) throw refuse('parcel-not-received');

    if (parcel.condition === 'as-new') await step.restock({ orderId, lines: parcel.lines });
    const { refundId } = await step.refundPayment({ orderId, amount });
    pointOfNoReturn(step);

    await step.notifyCustomer({ orderId, customerId, template: 'return-refunded' });
    return { refundId };
  },
);
