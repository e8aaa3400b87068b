const FIRST_MS = 200;
const MAX_MS = 5_000;
/** A key that nobody has tried for so long is forgotten: another relay may have seen to it. */
const FORGET_MS = 60_000;

/** Keys whose event could not be delivered while others' could: they wait, 0.2 s doubling to 5 s, and hold nobody up. */
export interface BackOff {
  /** The keys that must wait now. */
  readonly waiting: () => string[];
  /** `afterMs`: what the target asked for. */
  readonly failed: (key: string, afterMs?: number) => void;
  readonly succeeded: (key: string) => void;
}

export const createBackOff = (now: () => number = Date.now): BackOff => {
  const keys = new Map<string, { until: number; wait: number }>();
  return {
    waiting: () => {
      const at = now();
      for (const [key, { until }] of keys) if (until + FORGET_MS < at) keys.delete(key);
      return [...keys].filter(([, { until }]) => until > at).map(([key]) => key);
    },
    failed: (key, afterMs = 0) => {
      const wait = Math.min(MAX_MS, (keys.get(key)?.wait ?? FIRST_MS / 2) * 2);
      keys.set(key, { until: now() + Math.max(wait, afterMs), wait });
    },
    succeeded: (key) => {
      keys.delete(key);
    },
  };
};
