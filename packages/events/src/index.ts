// What a process needs to take events and to tell of them. `@amends/events/outbox` has what a service writes in its own transactions.
export { consume, type Consumer, type ConsumeOptions } from './consumer.ts';
export { type Dispatched, type Dispatcher, type Outcome } from './dispatch.ts';
export { eventsRoute } from './events-route.ts';
export { type DataOf, type EventContracts, type KnownEvent, type KnownEventOf, type TypeIn } from './known-event.ts';
export { newEvent, type NewEvent } from './new-event.ts';
export { readEvents, type EventBatch, type TimedEvent, type TimedEventOf } from './read-events.ts';
export { type Delivery, type Verdict } from './verdict.ts';
