const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 250;

/** Looks again and again until there is something to see. @throws Error in words when there is nothing in time */
export const until = async <T>(what: string, withinMs: number, look: () => Promise<T | undefined>): Promise<T> => {
  const end = Date.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`not within ${withinMs / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
};

/** Resolves once it is so. */
export const untilSo = async (what: string, withinMs: number, so: () => boolean): Promise<void> => {
  await until(what, withinMs, async () => (so() ? true : undefined));
};
