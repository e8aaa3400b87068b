// What the other packages of Amends use of this one: no part of its public interface, and it may change in any release.
export * from './activities/outsiders.ts';
export * from './create-workers.ts';
export * from './ensure-sweep-schedule.ts';
export * from './forget-sweeps.ts';
export * from './prepare-namespace.ts';
export * from './publish-saga-event.ts';
export * from './run-workers.ts';
export * from './sdk-log.ts';
export * from './tell-ends-again.ts';
export * from './through-temporal.ts';
export * from './until-connected.ts';
export * from './watch-problems.ts';
export * from './workflow-bundle.ts';
