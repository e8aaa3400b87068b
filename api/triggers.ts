import { defineTriggers } from '@amends/api';
import { shop } from '../contracts/app.ts';

/** Every event type, and what it does: the table to read. */
export const triggers = defineTriggers(shop, ({ start, cancel, signal, nothing }) => ({
  'shop.order.placed.v1': start('fulfilOrder', (order) => order),
  'shop.order.accepted.v1': nothing,
  'shop.order.cancel-requested.v1': cancel(
    'fulfilOrder',
    ({ orderId }) => orderId,
    ({ reason }) => reason,
  ),
  'shop.return.requested.v1': start('returnOrder', (request) => request),
  'shop.return.received.v1': signal('returnOrder', ({ orderId }) => orderId),
}));
