import {
  ActivityCancellationType,
  ApplicationFailure,
  isCancellation,
  scheduleActivity,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { LaterDetail, ServiceAnswer, ServiceCall, ServiceFailureType } from '@amends/contracts/internal';
import { epoch } from '../run/clock.ts';
import {
  FIRST_RETRY_MS,
  HEARTBEAT_TIMEOUT_MS,
  LONGEST_RETRY_MS,
  UNATTENDED_MS,
  type CallOptions,
  type Ended,
} from './durable-lane.ts';
import { failureIn, outcomeOf, type Outcome } from './outcome.ts';

/** What one try came to. `retryInMs`: nothing was sent, and it may be tried again; null: it was, or nobody knows. */
interface Tried<T> {
  readonly outcome: Outcome<T>;
  readonly retryInMs: number | null;
  /** No worker has taken it up. */
  readonly isUnattended: boolean;
}

/**
 * Calls an outsider that knows no keys, by an ordinary activity of one attempt, which may use the whole budget. Only what has surely not been
 * sent is tried again within the budget: no worker took it up, its connection was refused, its breaker was open. Whatever else is not
 * answered is unknown at once (S2). Never rejects.
 *
 * A budget that ran out before anybody took the call up is given anew (decision 0006).
 */
export const callOnce = async <T>(call: ServiceCall, options: CallOptions): Promise<Ended<T>> => {
  const { budget, attempt } = options.times;
  let due = epoch() + budget;
  let isAnew = false;
  for (let tries = 1; ; tries++) {
    const ended = (outcome: Outcome<T>): Ended<T> => ({ outcome, repeats: tries - 1 });
    // it always gets one whole attempt
    const left = Math.max(due - epoch(), Math.min(attempt, budget));
    const { outcome, retryInMs, isUnattended } = await tryOnce<T>(call, options, left);
    if (retryInMs === null) return ended(outcome);
    if (isUnattended && (!isAnew || epoch() - due > UNATTENDED_MS)) {
      isAnew = true;
      due = epoch() + budget;
      continue;
    }
    const pause = Math.max(retryInMs, Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS));
    if (isUnattended || epoch() + pause >= due) return ended(neverSent(outcome));
    try {
      await sleep(pause, { summary: `not sent: ${options.summary} is tried again` });
    } catch {
      return ended(neverSent(outcome));
    }
  }
};

const neverSent = <T>(outcome: Outcome<T>): Outcome<T> =>
  outcome.kind === 'unknown' ? { ...outcome, attempt: 0, notSent: true } : outcome;

const tryOnce = async <T>(call: ServiceCall, { type, id, summary }: CallOptions, left: number): Promise<Tried<T>> => {
  try {
    const answered = await scheduleActivity<ServiceAnswer<T>>(type, [call], {
      activityId: id,
      summary,
      taskQueue: call.service,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      // apart from each other, so that the server says which one it was
      scheduleToStartTimeout: left,
      startToCloseTimeout: left,
      heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
      retry: { maximumAttempts: 1 },
    });
    return { outcome: { kind: 'done', ...answered }, retryInMs: null, isUnattended: false };
  } catch (error) {
    return { outcome: outcomeOf(error), ...notSentBy(error) };
  }
};

const notSentBy = (error: unknown): Pick<Tried<unknown>, 'retryInMs' | 'isUnattended'> => {
  const failure = failureIn(error);
  if (failure instanceof TimeoutFailure && failure.timeoutType === 'SCHEDULE_TO_START') {
    return { retryInMs: 0, isUnattended: true };
  }
  const isNotSent =
    !isCancellation(error) &&
    failure instanceof ApplicationFailure &&
    failure.type === ('NotSent' satisfies ServiceFailureType);
  return {
    retryInMs: isNotSent ? ((failure.details?.[1] as LaterDetail | undefined)?.retryInMs ?? 0) : null,
    isUnattended: false,
  };
};
