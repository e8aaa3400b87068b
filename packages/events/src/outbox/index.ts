export { outboxBacklog } from './backlog.ts';
export { deadEvents, discardDead, redrive, redriveAll } from './dead.ts';
export { enqueue } from './enqueue.ts';
export { migrateOutbox } from './migrate.ts';
export { outboxMetrics } from './outbox-metrics.ts';
export { startRelay, type Relay } from './relay.ts';
export { waitingEvents } from './waiting.ts';
