import type { EventData, EventType } from '../contracts/events.ts';
import { cancel, nothing, start, type TriggerRule } from './trigger-rule.ts';

/** Every event type, and what it does: the table to read. */
export const triggers: { readonly [T in EventType]: TriggerRule<EventData<T>> } = {
  'shop.order.placed.v1': start('fulfilOrder', (order) => order),
  'shop.order.cancel-requested.v1': cancel(
    'fulfilOrder',
    ({ orderId }) => orderId,
    ({ reason }) => reason,
  ),
  'fulfilOrder.completed.v1': nothing,
  'fulfilOrder.compensated.v1': nothing,
  'fulfilOrder.cancelled.v1': nothing,
  'fulfilOrder.parked.v1': nothing,
};
