/** Numbers that depend on nothing but a seed: the same seed gives the same ones in the same order. */
export interface Random {
  /** A whole number from 0 up to, but not including, `limit`. */
  readonly below: (limit: number) => number;
  /** From `low` up to, but not including, `high`. */
  readonly between: (low: number, high: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <const T>(things: readonly [T, ...T[]]) => T;
  readonly shuffled: <T>(things: readonly T[]) => T[];
}

export const createRandom = (seed: number): Random => {
  const next = mulberry32(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    pick: (things) => things[below(things.length)] ?? things[0],
    shuffled: (things) =>
      things
        .map((thing) => ({ thing, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ thing }) => thing),
  };
};

/** Tommy Ettinger's mulberry32, public domain: good enough to choose by, and short. */
const mulberry32 = (seed: number) => (): number => {
  seed = (seed + 0x6d_2b_79_f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
