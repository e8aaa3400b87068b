import { createHash } from 'node:crypto';
import { ConfigError } from '@amends/runtime';

/** How lossy the provider plays: which share of the requests, from 0 to 1, decided by which seed. */
export interface Lossy {
  readonly share: number;
  readonly seed: number;
}

/** `0.2:7`: which share of the requests, by which seed (1 when left out). @throws ConfigError when it is no such text */
export const readLossy = (text: string): Lossy => {
  const [, share = '', seed = '1'] = /^(0|1|0?\.\d{1,6})(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (share !== '') return { share: Number(share), seed: Number(seed) };
  throw new ConfigError(`PROVIDER_LOSSY must be a share from 0 to 1, or with a seed 0.2:7, not '${text}'.`);
};

export const FATES = ['request-lost', 'answer-lost', 'unavailable'] as const;

/** What befalls a request: it is lost before its effect, or its answer after it, or it is told 503 and has none. */
export type Fate = (typeof FATES)[number];

/** What befalls the nth request with a key: by seed, key and n alone, never by the time. */
export const fateOf = ({ share, seed }: Lossy, key: string, attempt: number): Fate | undefined => {
  const dice = createHash('sha256').update(`${seed}/${attempt}/${key}`).digest();
  if (dice.readUInt32BE(0) / 2 ** 32 >= share) return undefined;
  return FATES[dice.readUInt32BE(4) % FATES.length];
};
