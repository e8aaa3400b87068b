import { ActivityCancellationType, scheduleActivity } from '@temporalio/workflow';
import type { ServiceAnswer, ServiceCall } from '../../contracts/service-call.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import type { CallTimes } from './times.ts';

/** How the Web UI shows a call, and how long it may take. */
export interface CallOptions {
  /** The activity's type: `reserveStock`, `undoReserveStock`, `settleCapturePayment`. */
  readonly type: string;
  /** The activity's id, by which the API finds a pending call: `reserveStock`, `undo reserveStock`. */
  readonly id: string;
  readonly summary: string;
  readonly times: CallTimes;
}

/** No repeat comes sooner. */
export const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** Heartbeats carry a cancel to a running attempt; only a worker that is gone misses this. */
const HEARTBEAT_TIMEOUT_MS = 10_000;

/**
 * Calls a service by an ordinary activity on the service's own task queue: attempts, retries and the last failure show in the Web
 * UI, and survive a lost worker. Never rejects. On cancel it waits for the running attempt's end (S4): the SDK's default would let
 * the saga undo while the request is still on its way.
 */
export const callInDurableLane = async <T>(call: ServiceCall, options: CallOptions): Promise<Outcome<T>> => {
  const { attempt, budget } = options.times;
  try {
    const answered = await scheduleActivity<ServiceAnswer<T>>(options.type, [call], {
      activityId: options.id,
      summary: options.summary,
      taskQueue: call.service,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      startToCloseTimeout: Math.min(attempt, budget),
      scheduleToCloseTimeout: budget,
      heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
      retry: { initialInterval: FIRST_RETRY_MS, backoffCoefficient: 2, maximumInterval: LONGEST_RETRY_MS },
    });
    return { kind: 'done', ...answered };
  } catch (error) {
    return outcomeOf(error);
  }
};
