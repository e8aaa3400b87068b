// Every service that a saga can call: a table, re-exports only. The names are the ports' and the task queues'.
export { orders } from './orders.ts';
export { inventory } from './inventory.ts';
export { payments } from './payments.ts';
export { shipping } from './shipping.ts';
export { notifications } from './notifications.ts';
