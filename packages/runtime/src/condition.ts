import type { Log } from './log.ts';

/** The same reason is said again after so long, for whoever looks only now. */
const SAY_AGAIN_MS = 60_000;

/** Something that a process relies on: whether it is as it should be, and if not why. */
export interface Condition {
  /** Says so as an error in the log: at once when the reason is another, else once a minute. */
  readonly bad: (reason: string, error?: unknown) => void;
  readonly good: () => void;
  /** Null while all is well. */
  readonly reason: () => string | null;
}

/** @param what names it in the log: `the broker` */
export const createCondition = (what: string, log: Log, now: () => number = Date.now): Condition => {
  let current: string | null = null;
  let saidAt = 0;
  return {
    bad: (reason, error) => {
      const isSaid = reason === current && now() - saidAt < SAY_AGAIN_MS;
      current = reason;
      if (isSaid) return;
      saidAt = now();
      log.error({ ...(error !== undefined && { err: error }), reason }, `${what} is not as it should be`);
    },
    good: () => {
      if (current !== null) log.info({ reason: current }, `${what} is as it should be again`);
      current = null;
    },
    reason: () => current,
  };
};
