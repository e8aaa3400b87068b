import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { SAGA_TASK_QUEUE, SWEEP_EVERY_MS } from '@amends/contracts/internal';
import { ConfigError, type Log } from '@amends/runtime/internal';
import { isDenied } from './denied.ts';

const SWEEP_SCHEDULE = 'amends-sweep';
export const SWEEP_WORKFLOW = 'sweepKilledSagas';
/** What was missed while Temporal was away is left to the next sweep: the least that the server takes. */
const CATCH_UP_MS = 10_000;
/** One that no worker can finish must not keep all others from starting. */
const LONGEST_SWEEP_MS = 600_000;

const sweepEvery = (everyMs: number) => ({
  spec: { intervals: [{ every: everyMs }] },
  action: {
    type: 'startWorkflow' as const,
    workflowType: SWEEP_WORKFLOW,
    workflowId: 'sweep',
    taskQueue: SAGA_TASK_QUEUE,
    args: [],
    workflowRunTimeout: LONGEST_SWEEP_MS,
    staticSummary: 'begins the recovery of killed sagas',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
});

/**
 * Lets Temporal start a sweep every so often (S14), one at a time; harmless when it does already, and then mends what is otherwise. One that
 * somebody has paused goes on: without sweeps a killed saga keeps what it holds (E9).
 *
 * @param everyMs a minute unless said
 * @throws ConfigError when this process may make no schedule, and there is none
 */
export const ensureSweepSchedule = async (
  client: Client,
  { everyMs = SWEEP_EVERY_MS, log }: { everyMs?: number | undefined; log: Log },
): Promise<void> => {
  const handle = client.schedule.getHandle(SWEEP_SCHEDULE);
  try {
    await client.schedule.create({ scheduleId: SWEEP_SCHEDULE, ...sweepEvery(everyMs) });
    log.info({ everyMs }, 'killed sagas are swept from now on');
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) await mend(handle, everyMs, log);
    else if (isDenied(error)) await orSomebodyElses(handle, everyMs, log);
    else throw error;
  }
};

const mend = async (handle: ScheduleHandle, everyMs: number, log: Log): Promise<void> => {
  const known = await handle.describe();
  const { paused, note } = known.state;
  if (isAsWanted(known, everyMs) && !paused) return;
  if (paused) log.error({ note }, `the schedule ${SWEEP_SCHEDULE} was paused: killed sagas were not swept`);
  try {
    await handle.update(({ state: { note: kept } }) => ({
      ...sweepEvery(everyMs),
      state: { note: kept, paused: false },
    }));
    log.info({ everyMs }, 'killed sagas are swept as wanted from now on');
  } catch (error) {
    if (!isDenied(error)) throw error;
    if (paused)
      throw new Error(`the schedule ${SWEEP_SCHEDULE} is paused, and may not be changed from here`, { cause: error });
    log.warn(`the schedule ${SWEEP_SCHEDULE} is otherwise, and may not be changed from here`);
  }
};

const isAsWanted = ({ spec, action, policies, state }: ScheduleDescription, everyMs: number): boolean => {
  const wanted = sweepEvery(everyMs);
  return (
    spec.intervals?.length === 1 &&
    spec.intervals[0]?.every === everyMs &&
    isWithoutEnd(spec) &&
    state.remainingActions === undefined &&
    action.workflowId === wanted.action.workflowId &&
    action.workflowType === wanted.action.workflowType &&
    action.taskQueue === wanted.action.taskQueue &&
    (action.args ?? []).length === 0 &&
    policies.overlap === wanted.policies.overlap &&
    policies.catchupWindow === wanted.policies.catchupWindow
  );
};

/** Whether nothing keeps a schedule from starting what it should at each interval, neither now nor later. */
const isWithoutEnd = ({ startAt, endAt, skip, calendars, intervals }: ScheduleDescription['spec']): boolean =>
  startAt === undefined &&
  endAt === undefined &&
  (skip ?? []).length === 0 &&
  (calendars ?? []).length === 0 &&
  !intervals?.some(({ offset }) => offset);

/** A schedule that was made with other credentials serves as well. */
const orSomebodyElses = async (handle: ScheduleHandle, everyMs: number, log: Log): Promise<void> => {
  try {
    await mend(handle, everyMs, log);
  } catch (error) {
    const todo = `create it with other credentials: workflow type ${SWEEP_WORKFLOW}, workflow id sweep, task queue ${SAGA_TASK_QUEUE}, every ${everyMs / 1_000} s, overlap policy Skip`;
    throw new ConfigError(
      `The schedule ${SWEEP_SCHEDULE}, without which a killed saga is never undone, may not be made from here; ${todo}.`,
      { cause: error },
    );
  }
};
