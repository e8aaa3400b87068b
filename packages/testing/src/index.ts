// What an application's tests are made of: `testing/stage.ts` says what it is, and describeSaga tests each of its sagas.
export { defineStage, type ComesBefore, type FreshRun, type Stage, type StageOf } from './stage.ts';
export { describeSaga } from './describe-saga.ts';
export { describeHistories } from './describe-histories.ts';

export { startServices, type BuildOutsider, type Builds, type Services } from './services/start-services.ts';
export type { Effects, Ended } from './services/effects.ts';
export type { OperationFound } from './services/operations.ts';
export { startServiceUnderTest, type Answer, type ServiceUnderTest } from './services/service-under-test.ts';

export { startSystemUnderTest, type SystemUnderTest } from './system/start-system-under-test.ts';

export { startBench, type Bench, type Besides } from './bench/start-bench.ts';
export { recoveryOf, runningSaga, type RunningSaga } from './bench/running-saga.ts';

export { startFaultProxy, type FaultProxy, type Sighting } from './faults/fault-proxy.ts';
export type { Fault, FaultRule, ServiceSaid, Strike } from './faults/fault-rule.ts';

export { freshDatabase, type FreshDatabase } from './servers/database.ts';
export { freshNamespace, type FreshNamespace } from './servers/namespace.ts';
export type { ProvidedServers } from './servers/provided.ts';
export type { ProvidedByCommands } from './commands/provided.ts';
