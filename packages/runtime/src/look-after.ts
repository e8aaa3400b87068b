import { createCondition, type Condition } from './condition.ts';
import type { Log } from './log.ts';
import type { Running } from './process.ts';

/** Something that others may take away, and that is made again while the process runs. */
export interface Keeper extends Running {
  /** Looks now; resolves when a look that began after this call has ended, however it did. */
  readonly now: () => Promise<void>;
  readonly reason: Condition['reason'];
}

/**
 * Looks after something for as long as the process runs: `check` sees whether it is there and makes it again; it is called at once, then
 * every `everyMs`, one at a time. What it throws is an error in the log, and the reason until a check passes.
 */
export const lookAfter = ({
  what,
  check,
  everyMs,
  log,
}: {
  readonly what: string;
  readonly check: () => Promise<void>;
  readonly everyMs: number;
  readonly log: Log;
}): Keeper => {
  const condition = createCondition(what, log);
  let closed = false;
  let looking: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    try {
      await check();
      condition.good();
    } catch (error) {
      if (!closed) condition.bad((error as Error).message, error);
    }
  };
  const now = (): Promise<void> => {
    if (closed) return Promise.resolve();
    if (!looking) {
      looking = look().finally(() => {
        looking = undefined;
      });
      return looking;
    }
    // the one under way may have passed by what is missing now
    next ??= looking.then(() => {
      next = undefined;
      return now();
    });
    return next;
  };
  void now();
  const timer = setInterval(() => void now(), everyMs);
  return {
    now,
    reason: condition.reason,
    close: async () => {
      closed = true;
      clearInterval(timer);
      await next;
      await looking;
    },
  };
};
