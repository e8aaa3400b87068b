import type { Order } from '../../contracts/orders.ts';
import { post, type Run, type Urls } from './requests.ts';

type Money = { readonly amount: number; readonly currency: string };

/** The seven calls of an order and their undo, each one HTTP request. */
export const createCalls = ({ orders, inventory, payments, shipping, notifications }: Urls) => ({
  acceptOrder: (run: Run, order: Order) =>
    post<{ total: Money }>(`${orders}/orders/${order.orderId}/accept`, run, 'acceptOrder', order),
  reserveStock: (run: Run, { orderId, lines }: Order) =>
    post<{ reservationId: string }>(`${inventory}/reservations`, run, 'reserveStock', { orderId, lines }),
  authorizePayment: (run: Run, { orderId, paymentToken }: Order, amount: Money) =>
    post<{ paymentId: string }>(`${payments}/payments`, run, 'authorizePayment', { orderId, amount, paymentToken }),
  bookShipment: (run: Run, { orderId, shipTo, lines }: Order) =>
    post<{ trackingNumber: string }>(`${shipping}/shipments`, run, 'bookShipment', { orderId, shipTo, lines }),
  capturePayment: (run: Run, paymentId: string) =>
    post<unknown>(`${payments}/payments/${paymentId}/capture`, run, 'capturePayment', { paymentId }),
  shipStock: (run: Run, reservationId: string) =>
    post<unknown>(`${inventory}/reservations/${reservationId}/ship`, run, 'shipStock', { reservationId }),
  notifyCustomer: (run: Run, { orderId, customerId }: Order, trackingNumber: string) =>
    post<unknown>(`${notifications}/notifications`, run, 'notifyCustomer', {
      orderId,
      customerId,
      template: 'order-confirmed',
      facts: { trackingNumber },
    }),
  releaseOrder: (run: Run) => undo(orders, run, 'acceptOrder'),
  releaseStock: (run: Run) => undo(inventory, run, 'reserveStock'),
  voidPayment: (run: Run) => undo(payments, run, 'authorizePayment'),
  cancelShipment: (run: Run) => undo(shipping, run, 'bookShipment'),
});

export type Calls = ReturnType<typeof createCalls>;

const undo = (service: string, run: Run, step: string) =>
  post<unknown>(`${service}/saga-operations/undo`, run, step, null);
