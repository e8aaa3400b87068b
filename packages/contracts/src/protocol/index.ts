// What services, sagas and whoever speaks with them must agree on: names, grammar, numbers. Nothing here needs zod, so workflows may use it.
export * from './closing-view.ts';
export * from './keeping.ts';
export * from './keys.ts';
export * from './limits.ts';
export * from './payload-too-large.ts';
export * from './plain-text.ts';
export * from './problem-types.ts';
export * from './sayable.ts';
export * from './streams.ts';
export * from './task-queues.ts';
export * from './try-later.ts';
export * from './unavailable.ts';
