// Workflows that call one activity, in either lane: for tests of what workers register, with nothing of the engine in between.
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  scheduleActivity,
  scheduleLocalActivity,
} from '@temporalio/workflow';
import type { ServiceAnswer, ServiceCall } from '../packages/contracts/src/service-call.ts';

export interface LaneCall {
  readonly lane: 'fast' | 'durable';
  /** The activity's type. */
  readonly type: string;
  readonly call: ServiceCall;
  /** Calls of the same kind at the same time; 1 by default. */
  readonly times?: number;
  readonly attemptMs?: number;
  readonly budgetMs?: number;
}

const ATTEMPT_MS = 10_000;
const BUDGET_MS = 30_000;

/** Calls, and answers what came; a failure of the call fails it with the same type and details. */
export const callsInLane = async (asked: LaneCall): Promise<ServiceAnswer[]> => {
  try {
    return await Promise.all(Array.from({ length: asked.times ?? 1 }, () => callOnce(asked)));
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure)) throw error;
    const { message, type, details } = cause;
    throw ApplicationFailure.create({ message, type: type ?? 'Error', details: details ?? [], nonRetryable: true });
  }
};

const callOnce = ({ lane, type, call, attemptMs = ATTEMPT_MS, budgetMs = BUDGET_MS }: LaneCall) => {
  const options = {
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    startToCloseTimeout: attemptMs,
    scheduleToCloseTimeout: budgetMs,
  };
  return lane === 'fast'
    ? scheduleLocalActivity<ServiceAnswer>(type, [call], {
        ...options,
        retry: { initialInterval: 50, maximumAttempts: 3 },
      })
    : scheduleActivity<ServiceAnswer>(type, [call], {
        ...options,
        taskQueue: call.service,
        heartbeatTimeout: 10_000,
        retry: { initialInterval: 100, maximumInterval: 500 },
      });
};
