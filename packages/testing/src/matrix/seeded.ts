import { createHash } from 'node:crypto';

/** A number from 0 up to, but not including, 1 that depends on nothing but the seed and what it is about. */
const seeded = (seed: number, about: readonly string[]): number =>
  createHash('sha256')
    .update([seed, ...about].join('\n'))
    .digest()
    .readUInt32BE() /
  2 ** 32;

/** One of several equivalent ways: a given seed always chooses the same for the same thing. */
export const choose = <const T>(options: readonly [T, ...T[]], seed: number, ...about: readonly string[]): T =>
  options[Math.floor(seeded(seed, about) * options.length)] ?? options[0];

/** The same things in an order of the seed's. */
export const shuffled = <T>(things: readonly T[], nameOf: (thing: T) => string, seed: number): readonly T[] =>
  things
    .map((thing) => ({ thing, at: seeded(seed, ['order', nameOf(thing)]) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
