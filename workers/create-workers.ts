import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { callService, type Wiring } from '../activities/call-service.ts';
import { sagaActivities, type Outside } from '../activities/saga-activities.ts';
import { SAGA_TASK_QUEUE, serviceTaskQueue } from '../contracts/task-queues.ts';

/** Attempts in flight at one service, from one worker process. */
const CALLS_AT_ONCE = 50;
/** How often a running attempt hears of a cancel. */
const HEARTBEAT_THROTTLE_MS = 1_000;
/** Work in flight may end this long once a worker closes; then it is ended hard (an activity that never returns). */
const GRACE_MS = 5_000;
const FORCE_MS = 10_000;

/** The workers of one process: one for the sagas, and one for each service, on a task queue of its own. */
export const createWorkers = ({
  connection,
  namespace,
  workflowBundle,
  wiring,
  outside,
}: {
  connection: NativeConnection;
  namespace: string;
  workflowBundle: WorkflowBundleOption;
  wiring: Wiring;
  outside: Outside;
}): Promise<Worker[]> => {
  const common = {
    connection,
    namespace,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
    shutdownGraceTime: GRACE_MS,
    shutdownForceTime: FORCE_MS,
  };
  const activities = { default: callService(wiring) };
  return Promise.all([
    Worker.create({ ...common, taskQueue: SAGA_TASK_QUEUE, workflowBundle, activities: sagaActivities(outside) }),
    ...Object.keys(wiring.contracts).map((service) =>
      Worker.create({
        ...common,
        taskQueue: serviceTaskQueue(service),
        activities,
        maxConcurrentActivityTaskExecutions: CALLS_AT_ONCE,
      }),
    ),
  ]);
};
