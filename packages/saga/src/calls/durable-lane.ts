import { ActivityCancellationType, scheduleActivity, type ActivityOptions } from '@temporalio/workflow';
import type { ServiceAnswer, ServiceCall } from '@amends/contracts/internal';
import { epoch } from '../run/clock.ts';
import { outcomeOf, ranOut, type Outcome } from './outcome.ts';
import type { CallTimes } from '../run/times.ts';

/** How the Web UI shows a call, and how long it may take. */
export interface CallOptions {
  /** The activity's type: `reserveStock`, `undoReserveStock`, `settleCapturePayment`. */
  readonly type: string;
  /** The activity's id in the durable lane, by which the API finds a pending call: `reserveStock`, `undo reserveStock`. */
  readonly id: string;
  readonly summary: string;
  readonly times: CallTimes;
}

/** No repeat comes sooner. */
export const FIRST_RETRY_MS = 500;
export const LONGEST_RETRY_MS = 10_000;
/** Heartbeats carry a cancel to a running attempt; only a worker that is gone misses this. */
export const HEARTBEAT_TIMEOUT_MS = 10_000;

/** A timeout that is heard of this late was nobody's at the time: no worker was there. A lost workflow task takes 5 s. */
export const UNATTENDED_MS = 6_000;

/**
 * What a call came to, and the most that it can have been repeated. A view counts the repeats of a pending call as changes (client/), so
 * they go on counting once it has ended, or a version would come twice.
 */
export interface Ended<T> {
  readonly outcome: Outcome<T>;
  readonly repeats: number;
}

/**
 * Calls a service by an ordinary activity on the service's own task queue: attempts, retries and the last failure show in the Web
 * UI, and survive a lost worker. Never rejects. On cancel it waits for the running attempt's end (S4): the SDK's default would let
 * the saga undo while the request is still on its way.
 *
 * The server's clock goes on while everything is stopped. A budget that ran out while no worker was there, or before anybody
 * took the call up, says nothing of the service, so it is given anew (decision 0006).
 */
export const callInDurableLane = async <T>(call: ServiceCall, options: CallOptions): Promise<Ended<T>> => {
  const begun = epoch();
  for (let calls = 1; ; calls++) {
    const due = epoch() + options.times.budget;
    const { outcome, timedOut } = await callOnce<T>(call, options);
    const unattended = epoch() - due > UNATTENDED_MS;
    const nobodyTookIt = calls === 1 && 'attempt' in outcome && outcome.attempt === 0;
    if (!timedOut || !(unattended || nobodyTookIt)) {
      return { outcome, repeats: Math.ceil((epoch() - begun) / FIRST_RETRY_MS) };
    }
  }
};

const callOnce = async <T>(
  call: ServiceCall,
  { times: { attempt, budget }, ...shown }: CallOptions,
): Promise<{ outcome: Outcome<T>; timedOut: boolean }> => {
  try {
    const answered = await schedule<T>(call, shown, {
      startToCloseTimeout: Math.min(attempt, budget),
      scheduleToCloseTimeout: budget,
      retry: { initialInterval: FIRST_RETRY_MS, backoffCoefficient: 2, maximumInterval: LONGEST_RETRY_MS },
    });
    return { outcome: { kind: 'done', ...answered }, timedOut: false };
  } catch (error) {
    return { outcome: outcomeOf(error), timedOut: ranOut(error) };
  }
};

/** Asked for without end, a service is asked this often at first, and ever more slowly. */
const FIRST_SLOW_RETRY_MS = 5_000;
const LONGEST_SLOW_RETRY_MS = 30_000;

/**
 * Calls a service until it answers, however long that takes and whatever it says meanwhile, by one activity with Temporal's own retry. Ends
 * otherwise only when its scope is cancelled.
 */
export const callUntilAnswered = async <T>(
  call: ServiceCall,
  { times: { attempt }, ...shown }: CallOptions,
): Promise<Outcome<T>> => {
  try {
    const answered = await schedule<T>({ ...call, untilAnswered: true }, shown, {
      startToCloseTimeout: attempt,
      retry: { initialInterval: FIRST_SLOW_RETRY_MS, backoffCoefficient: 2, maximumInterval: LONGEST_SLOW_RETRY_MS },
    });
    return { kind: 'done', ...answered };
  } catch (error) {
    return outcomeOf(error);
  }
};

const schedule = <T>(
  call: ServiceCall,
  { type, id, summary }: Omit<CallOptions, 'times'>,
  limits: Pick<ActivityOptions, 'startToCloseTimeout' | 'scheduleToCloseTimeout' | 'retry'>,
): Promise<ServiceAnswer<T>> =>
  scheduleActivity<ServiceAnswer<T>>(type, [call], {
    activityId: id,
    summary,
    taskQueue: call.service,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    ...limits,
  });
