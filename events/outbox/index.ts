export { outboxBacklog } from './backlog.ts';
export { enqueue } from './enqueue.ts';
export { migrateOutbox } from './migrate.ts';
export { startRelay, type Relay } from './relay.ts';
