import { Context, type ApplicationFailure } from '@temporalio/activity';
import { FAST_ANSWER_MAX_BYTES, type HeldBackDetails, type ServiceCall } from '@amends/contracts/internal';
import { final, handedOver, isFailure, notSent, unavailable } from './service-failure.ts';
import { ANSWER_MAX_BYTES } from './send-request.ts';

/** An attempt gives up this much before Temporal would, so that its own words reach the history; of a short one a quarter. */
const MARGIN_MS = 250;
const MARGIN_PART = 0.25;
const HEARTBEAT_EVERY_MS = 1_000;
/** With less of its time left than this, the fast lane would cut another attempt short: the durable lane has the time. */
const LEAST_PART_LEFT = 0.5;

/** One attempt of one call, in either lane, as far as Temporal has a say in it. */
export interface Attempt {
  /** In the fast lane: within a workflow task, by a local activity. */
  readonly fast: boolean;
  /** Counted from 1 across both lanes; what an open breaker held back does not count. */
  readonly number: number;
  /** It is to have ended after this long. */
  readonly limitMs: number;
  /** How long it can wait before it asks again: then the budget has room for one more whole attempt. */
  readonly patienceMs: number;
  /** Aborted when the saga does not want it any more, or the worker closes. */
  readonly cancelled: AbortSignal;
  /** Until the next attempt, if this one sends nothing for `pauseMs`: at least as long as after any failure. */
  readonly waitMs: (pauseMs: number) => number;
  /** The failure with which it ends when it has sent nothing. */
  readonly notSent: (message: string, retryInMs: number) => ApplicationFailure;
  /** Passes an answer that this lane can take. @throws ApplicationFailure `Final`, or, in the fast lane, what hands it over */
  readonly fitting: <T>(answer: T) => T;
  /** Runs it, with heartbeats in the durable lane: they bring a cancel. A cancelled attempt ends as cancelled. */
  readonly run: <T>(send: () => Promise<T>) => Promise<T>;
}

/** The attempt that this activity is. */
export const thisAttempt = ({ attemptsBefore, once }: Pick<ServiceCall, 'attemptsBefore' | 'once'>): Attempt => {
  const context = Context.current();
  const { info, cancellationSignal } = context;
  const fast = info.isLocal;
  const heldBack = fast ? 0 : ((info.heartbeatDetails as HeldBackDetails | null | undefined)?.notSent ?? 0);
  const sentBefore = attemptsBefore + info.attempt - 1 - heldBack;
  const number = sentBefore + 1;
  const beat = (held: number): void =>
    context.heartbeat(held > 0 ? ({ notSent: held } satisfies HeldBackDetails) : undefined);
  const waitMs = (pauseMs: number): number => (fast ? pauseMs : Math.max(pauseMs, backOffMs(info)));
  const left = timeLeftMs(info);
  const limit = Math.min(info.startToCloseTimeoutMs, left);
  return {
    fast,
    number,
    limitMs: Math.floor(limit - Math.min(MARGIN_MS, limit * MARGIN_PART)),
    patienceMs: fast ? Number.POSITIVE_INFINITY : left - info.startToCloseTimeoutMs,
    cancelled: cancellationSignal,
    waitMs,
    notSent: (message, retryInMs) => {
      if (once) return notSent(message, retryInMs);
      if (fast) return handedOver(sentBefore, message, retryInMs);
      beat(heldBack + 1);
      return unavailable(sentBefore, message, waitMs(retryInMs));
    },
    fitting: (answer) => {
      const bytes = Buffer.byteLength(JSON.stringify(answer) ?? '');
      if (bytes > ANSWER_MAX_BYTES) throw final(number, `the answer is over ${ANSWER_MAX_BYTES} bytes`);
      if (fast && bytes > FAST_ANSWER_MAX_BYTES) throw handedOver(number, `${bytes} bytes are too many here`, 0);
      return answer;
    },
    run: async (send) => {
      // a local activity has no heartbeats: a cancel reaches it all the same
      const beating = fast ? undefined : setInterval(() => beat(heldBack), HEARTBEAT_EVERY_MS);
      try {
        return await send();
      } catch (error) {
        // a saga that no longer wants it hears just that; a worker that closes leaves it to another
        if (context.cancellationDetails?.cancelRequested) throw cancellationSignal.reason;
        const isLate = fast && timeLeftMs(info) < info.scheduleToCloseTimeoutMs * LEAST_PART_LEFT;
        if (isLate && isFailure(error, 'Unavailable') && !error.nonRetryable)
          throw handedOver(number, error.message, 0);
        throw error;
      } finally {
        clearInterval(beating);
      }
    },
  };
};

/** What Temporal waits after a failure of this attempt. */
const backOffMs = ({ retryPolicy, attempt }: Pick<Context['info'], 'retryPolicy' | 'attempt'>): number => {
  const { initialInterval = 0, backoffCoefficient = 2, maximumInterval = Number.POSITIVE_INFINITY } = retryPolicy ?? {};
  return Math.min(Number(initialInterval) * backoffCoefficient ** (attempt - 1), Number(maximumInterval));
};

type Times = Pick<
  Context['info'],
  'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs' | 'scheduleToCloseTimeoutMs'
>;

/** Until the whole call times out. The server's own times say it where this machine's clock cannot be right. */
const timeLeftMs = (info: Times): number => {
  if (info.scheduleToCloseTimeoutMs <= 0) return Number.POSITIVE_INFINITY;
  const end = info.scheduledTimestampMs + info.scheduleToCloseTimeoutMs;
  const left = end - Date.now();
  const atMost = end - info.currentAttemptScheduledTimestampMs;
  return left > 0 && left < atMost ? left : atMost;
};
