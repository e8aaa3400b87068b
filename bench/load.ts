/** What a load came to. */
export interface Loaded {
  /** From the first start to the last end. */
  readonly tookMs: number;
  /** Of each, from its start to its end, in the order of their ends. */
  readonly latenciesMs: readonly number[];
}

/** Does something for each number below `count`, so many at once. @throws what the first that fails throws, and the signal's reason */
export const load = async (
  { count, atOnce, signal }: { readonly count: number; readonly atOnce: number; readonly signal?: AbortSignal },
  one: (n: number) => Promise<void>,
): Promise<Loaded> => {
  const latenciesMs: number[] = [];
  const began = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      signal?.throwIfAborted();
      const from = performance.now();
      await one(n);
      latenciesMs.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return { tookMs: performance.now() - began, latenciesMs };
};
