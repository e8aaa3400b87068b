// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './asyncapi.ts';
export * from './carried-event.ts';
export * from './closing-view.ts';
export * from './dead-letter-reason.ts';
export * from './dead-letter.ts';
export * from './define-event.ts';
export * from './engine-activities.ts';
export * from './ids.ts';
export * from './operation.ts';
export * from './problems.ts';
export * from './protocol/index.ts';
export * from './saga-events.ts';
export * from './saga-messages.ts';
export * from './saga-start.ts';
export * from './saga-view.ts';
export * from './service-call.ts';
export * from './sweep.ts';
