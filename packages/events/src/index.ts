// What a process needs to take events and to tell of them. `@amends/events/outbox` has what a service writes in its own transactions.
export { consume, type Consumer, type ConsumeOptions } from './broker/consumer.ts';
export { type Dispatched, type Dispatcher, type Outcome } from './edge/dispatch.ts';
export { eventsRoute } from './edge/events-route.ts';
export {
  type DataOf,
  type EventContracts,
  type KnownEvent,
  type KnownEventOf,
  type TypeIn,
} from './edge/known-event.ts';
export { newEvent, type NewEvent } from './edge/new-event.ts';
export { readEvents, type EventBatch, type TimedEvent, type TimedEventOf } from './broker/read-events.ts';
export { type Delivery, type Verdict } from './broker/verdict.ts';
