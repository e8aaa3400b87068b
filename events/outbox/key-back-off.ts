const FIRST_MS = 200;
const MAX_MS = 5_000;

/** Keys whose event could not be published while others' could: they wait, 0.2 s doubling to 5 s, and hold nobody up. */
export interface BackOff {
  /** The keys that must wait now. */
  readonly waiting: () => string[];
  readonly failed: (key: string) => void;
  readonly succeeded: (key: string) => void;
}

export const createBackOff = (now: () => number = Date.now): BackOff => {
  const keys = new Map<string, { until: number; wait: number }>();
  return {
    waiting: () => [...keys].filter(([, { until }]) => until > now()).map(([key]) => key),
    failed: (key) => {
      const wait = Math.min(MAX_MS, (keys.get(key)?.wait ?? FIRST_MS / 2) * 2);
      keys.set(key, { until: now() + wait, wait });
    },
    succeeded: (key) => {
      keys.delete(key);
    },
  };
};
