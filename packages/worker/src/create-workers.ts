import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { callService, type Wiring } from './activities/call-service.ts';
import { sagaActivities, type Outside } from './activities/saga-activities.ts';
import { SAGA_TASK_QUEUE, serviceTaskQueue } from '@amends/contracts/internal';
import { withoutCallStacks } from './call-stacks.ts';
import { ConfigError } from '@amends/runtime/internal';
import { type Calls, limitOf } from './define-calls.ts';
import { withStacks } from './workflow-bundle.ts';

/** Sagas at work at the same moment in one process: one in the fast lane keeps its workflow task until nothing is left to do at once. */
const SAGAS_AT_ONCE = 40;
/** Calls of their fast lanes, all services together: room for two each. More would only wait in the services' connection pools. */
const FAST_CALLS_AT_ONCE = 100;
/** How often a running attempt hears of a cancel. */
const HEARTBEAT_THROTTLE_MS = 1_000;
/** Work in flight may end this long once a worker closes; then it is ended hard (an activity that never returns). */
const GRACE_MS = 5_000;
const FORCE_MS = 10_000;

/**
 * The workers of one process: one for the sagas, whose fast lane calls the services too, and one for each service, on a task queue of
 * its own. They share the breakers, so that both lanes know when a service is weak.
 *
 * @throws ConfigError when a service has a contract and no URL
 */
export const createWorkers = ({
  connection,
  namespace,
  workflowBundle,
  wiring,
  outside,
  calls = {},
  callStacks = false,
}: {
  connection: NativeConnection;
  namespace: string;
  workflowBundle: WorkflowBundleOption;
  wiring: Wiring;
  outside: Outside;
  /** What each service is spared; by default what is usual. */
  calls?: Calls;
  /** Whether the Web UI shows where a saga's code waits, at several times the cost of a saga; default not. */
  callStacks?: boolean;
}): Promise<Worker[]> => {
  everyServiceHasItsUrl(wiring);
  const common = {
    connection,
    namespace,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
    shutdownGraceTime: GRACE_MS,
    shutdownForceTime: FORCE_MS,
  };
  const anyCall = { default: callService(wiring) };
  const createSagaWorker = (): Promise<Worker> =>
    Worker.create({
      ...common,
      taskQueue: SAGA_TASK_QUEUE,
      workflowBundle: callStacks ? withStacks(workflowBundle) : workflowBundle,
      activities: { ...anyCall, ...sagaActivities(outside) },
      maxConcurrentWorkflowTaskExecutions: SAGAS_AT_ONCE,
      maxConcurrentLocalActivityExecutions: FAST_CALLS_AT_ONCE,
    });
  return Promise.all([
    callStacks ? createSagaWorker() : withoutCallStacks(createSagaWorker),
    ...Object.keys(wiring.contracts).map((service) => {
      const { callsPerSecond, callsAtOnce } = limitOf(calls, service);
      return Worker.create({
        ...common,
        taskQueue: serviceTaskQueue(service),
        activities: anyCall,
        maxConcurrentActivityTaskExecutions: callsAtOnce,
        maxTaskQueueActivitiesPerSecond: callsPerSecond,
      });
    }),
  ]);
};

/** Else its calls would fail one by one, for as long as their sagas live. */
const everyServiceHasItsUrl = ({ contracts, urls }: Pick<Wiring, 'contracts' | 'urls'>): void => {
  const without = Object.keys(contracts).filter((service) => !urls[service]);
  if (without.length === 0) return;
  throw new ConfigError(`No URL is known for ${without.join(', ')}: say where it runs in amends.config.ts.`);
};
