/**
 * What a transaction does in one round trip where its connection pipelines: all of it is sent without waiting. Unlike `Promise.all` it
 * ends only when every one has, so that none goes on by itself after the rollback; then it rejects with what went wrong first.
 */
export const atOnce = async <const T extends readonly PromiseLike<unknown>[]>(
  ...works: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  // a query of drizzle-orm is sent whenever `then` is called, which is to be once
  const running = works.map((work) => Promise.resolve(work));
  const all = Promise.all(running);
  await Promise.allSettled([...running, all]);
  return (await all) as { -readonly [K in keyof T]: Awaited<T[K]> };
};
