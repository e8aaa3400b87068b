import { sagaEventTypes, type EventType, type SagaEventType } from '../../../contracts/events.ts';

/** Who takes events at `POST /events`. */
export const RECEIVERS = ['api', 'orders'] as const;
export type Receiver = (typeof RECEIVERS)[number];

type Some = readonly [Receiver, ...Receiver[]];

const orders: Some = ['orders'];
const everybody: Some = RECEIVERS;

/** What sagas tell of themselves concerns services, and no saga. */
const sagaEvents = Object.fromEntries(sagaEventTypes.map((type) => [type, orders])) as {
  readonly [T in SagaEventType]: Some;
};

/** Without a broker: who each type is pushed to (E8). The table to read. */
const receivers: { readonly [T in EventType]: Some } = {
  'shop.order.placed.v1': everybody,
  'shop.order.accepted.v1': everybody,
  'shop.order.cancel-requested.v1': everybody,
  'shop.return.requested.v1': everybody,
  'shop.return.received.v1': everybody,
  ...sagaEvents,
};

/** The types that a receiver gets. */
export const typesOf = (receiver: Receiver): EventType[] =>
  (Object.keys(receivers) as EventType[]).filter((type) => receivers[type].includes(receiver));
