import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import type { Log } from '@amends/runtime/internal';

/**
 * So many later failures of one service in a row, from one process, open its breaker. One saga alone sends three requests in its fast
 * lane and five more in its first eight seconds: it takes several sagas, or one for long, to say that it is the service that is weak.
 */
export const FAILURES_TO_OPEN = 10;
/**
 * An open breaker lets a probe through when this long has gone since the last failure. No longer pause after many: the calls that wait
 * keep their own back-off, and one request a second from each process burdens nobody.
 */
export const PAUSE_MS = 1_000;

/** What an attempt tells of its service: that it answers, whatever it says; that it is weak (no answer, 5xx, 429); or nothing. */
export type Sign = 'well' | 'weak' | 'none';

/** Keeps requests from a service that answers none: nothing is sent while it is open, but for one probe at a time. */
export interface Breaker {
  /** How long nothing is to be sent to it, in milliseconds; 0: it may be asked. */
  readonly pauseMs: () => number;
  /** Asks the service; how the attempt ended is judged by `signOf`. Ends as the attempt does. */
  readonly pass: <T>(ask: () => Promise<T>, signOf: (error: unknown) => Sign) => Promise<T>;
}

type Ended<T> = { readonly answer: T } | { readonly error: unknown };

/** An attempt that ended by this error is a failure of the service, or, in a probe, at least no proof of its health. */
class NotWell extends Error {
  override readonly name = 'NotWell';
  readonly sign: Sign;
  constructor(sign: Sign, cause: unknown) {
    super('the service did not answer well', { cause });
    this.sign = sign;
  }
}

export const createBreaker = (service: string, log: Pick<Log, 'warn' | 'info'> | undefined): Breaker => {
  let askAgainAt = 0;
  let open = false;
  // what tells nothing must not count as a failure, nor close the breaker when it was the probe
  const counts = handleWhen(
    (error) => error instanceof NotWell && (error.sign === 'weak' || policy.state === CircuitState.HalfOpen),
  );
  const policy = circuitBreaker(counts, {
    halfOpenAfter: PAUSE_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  policy.onBreak(() => {
    askAgainAt = Date.now() + PAUSE_MS;
    if (!open) log?.warn({ service, failures: FAILURES_TO_OPEN }, 'breaker open: the service fails again and again');
    open = true;
  });
  policy.onReset(() => {
    log?.info({ service }, 'breaker closed: the service answers again');
    open = false;
  });

  return {
    pauseMs: () => {
      if (policy.state === CircuitState.HalfOpen) return PAUSE_MS;
      return policy.state === CircuitState.Open ? Math.max(0, askAgainAt - Date.now()) : 0;
    },
    pass: async <T>(ask: () => Promise<T>, signOf: (error: unknown) => Sign): Promise<T> => {
      try {
        const ended = await policy.execute(async (): Promise<Ended<T>> => {
          try {
            return { answer: await ask() };
          } catch (error) {
            const sign = signOf(error);
            if (sign === 'well') return { error };
            throw new NotWell(sign, error);
          }
        });
        if ('answer' in ended) return ended.answer;
        throw ended.error;
      } catch (error) {
        throw error instanceof NotWell ? error.cause : error;
      }
    },
  };
};
