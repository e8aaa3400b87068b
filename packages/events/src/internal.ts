// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './connect-broker.ts';
export * from './consumer.ts';
export * from './dead-letter-desk.ts';
export * from './event-counts.ts';
export * from './event-problem.ts';
export * from './events-route.ts';
export * from './known-event.ts';
export * from './late-events.ts';
export * from './new-event.ts';
export * from './outlet.ts';
export * from './read-events.ts';
export * from './take-event.ts';
export * from './verdict.ts';
