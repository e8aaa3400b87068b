// What an application's workers are made of. Types that its own declarations must name are here too.
export type { OutsiderAnswer, OutsiderCall } from './activities/outsider-call.ts';
export {
  defineCalls,
  type Calls,
  type CallsOf,
  type CallsTo,
  type ServiceCalls,
  type ServiceLimit,
} from './define-calls.ts';
export { startWorkers, type WorkersOfSystem } from './start-workers.ts';
