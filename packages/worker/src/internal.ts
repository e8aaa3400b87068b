// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export type { Wiring } from './activities/call-service.ts';
export { replayWithoutCallStacks, withoutCallStacks } from './call-stacks.ts';
export { createWorkers } from './create-workers.ts';
export { prepareNamespace } from './prepare-namespace.ts';
export { runWorkers } from './run-workers.ts';
export { installRuntime } from './sdk-log.ts';
export { throughTemporal } from './through-temporal.ts';
export { BUILT_BUNDLE, workflowBundle } from './workflow-bundle.ts';
