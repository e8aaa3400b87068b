// The way in of an application: HTTP, and events that start, cancel and tell sagas.
export { createApi, type ApiParts } from './create-api.ts';
export { startApi, type ApiOf } from './start-api.ts';
export { defineTriggers, type Rules, type Triggers, type TriggerTable } from './triggers/define-triggers.ts';
export type { TriggerRule } from './triggers/trigger-rule.ts';
