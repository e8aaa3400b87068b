import { sagaEventTypes, type EventData, type EventType, type SagaEventType } from '../contracts/events.ts';
import { cancel, nothing, signal, start, type TriggerRule } from '@amends/api/internal';

/** What sagas tell of themselves concerns services, and no saga. */
const sagaEvents = Object.fromEntries(sagaEventTypes.map((type) => [type, nothing])) as {
  readonly [T in SagaEventType]: typeof nothing;
};

/** Every event type, and what it does: the table to read. */
export const triggers: { readonly [T in EventType]: TriggerRule<EventData<T>> } = {
  'shop.order.placed.v1': start('fulfilOrder', (order) => order),
  'shop.order.accepted.v1': nothing,
  'shop.order.cancel-requested.v1': cancel(
    'fulfilOrder',
    ({ orderId }) => orderId,
    ({ reason }) => reason,
  ),
  'shop.return.requested.v1': start('returnOrder', (request) => request),
  'shop.return.received.v1': signal('returnOrder', ({ orderId }) => orderId),
  ...sagaEvents,
};
