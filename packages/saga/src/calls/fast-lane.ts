import { ApplicationFailure } from '@temporalio/workflow';
import type { LaterDetail, ServiceAnswer, ServiceCall, ServiceFailureType } from '@amends/contracts/internal';
import type { CallOptions } from './durable-lane.ts';
import type { LocalActivities } from './local-activities.ts';
import { failureIn, outcomeOf, type Outcome } from './outcome.ts';

/**
 * The whole fast lane of one call, what part of its budget that may be at most, and no more than one attempt may take: the SDK (1.24) lets
 * an attempt's timer run on after it has failed, and it would cut the next one short, without a word of how many there were.
 */
const FAST_MAX_MS = 2_000;
const PART_OF_BUDGET = 0.5;
const ATTEMPTS = 3;
/** Short enough that the waiting between attempts, which the SDK bounds by nothing, is no matter. */
const FIRST_RETRY_MS = 100;
/** Above every wait between attempts: none becomes a timer of the server. */
const LOCAL_RETRY_THRESHOLD_MS = 1_000;

/** The fast lane did not decide it. `attempts`: requests sent so far; `retryInMs`: how long the service asks to be left alone. */
export interface HandedOver {
  readonly kind: 'handed-over';
  readonly attempts: number;
  readonly retryInMs: number;
}

/**
 * Calls a service within the current workflow task, by a local activity: a few attempts, about two seconds together. It decides what is
 * done, refused, or answered too largely; all else is handed over to the durable lane under the same key, which participants answer from
 * their records (P1). Never rejects.
 *
 * What it does is recorded only when the task completes; a lost task is done again, and backward recovery does not trust it (S1).
 */
export const callInFastLane = async <T>(
  local: LocalActivities,
  call: ServiceCall,
  { type, summary, times }: CallOptions,
): Promise<Outcome<T> | HandedOver> => {
  const within = Math.max(1, Math.min(FAST_MAX_MS, times.attempt, Math.floor(times.budget * PART_OF_BUDGET)));
  try {
    const answered = await local.run<ServiceAnswer<T>>(type, [call], {
      summary,
      startToCloseTimeout: within,
      scheduleToCloseTimeout: within,
      localRetryThreshold: LOCAL_RETRY_THRESHOLD_MS,
      retry: { initialInterval: FIRST_RETRY_MS, backoffCoefficient: 2, maximumAttempts: ATTEMPTS },
    });
    return { kind: 'done', ...answered };
  } catch (error) {
    return decided(error) ? outcomeOf(error) : handedOver(error);
  }
};

const FINAL: ReadonlySet<unknown> = new Set(['Refused', 'Final'] satisfies ServiceFailureType[]);

const decided = (error: unknown): boolean => FINAL.has(applicationFailure(error)?.type);

const applicationFailure = (error: unknown): ApplicationFailure | undefined => {
  const failure = failureIn(error);
  return failure instanceof ApplicationFailure ? failure : undefined;
};

const handedOver = (error: unknown): HandedOver => {
  const outcome = outcomeOf(error);
  const later = applicationFailure(error)?.details?.[1] as LaterDetail | undefined;
  return {
    kind: 'handed-over',
    attempts: 'attempt' in outcome ? outcome.attempt : 0,
    retryInMs: later?.retryInMs ?? 0,
  };
};
