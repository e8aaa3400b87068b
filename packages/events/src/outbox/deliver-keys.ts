import { FinalRefusal, NotNow } from '../targets/target.ts';
import type { Row } from './row.ts';

const KEYS_AT_ONCE = 32;

export interface Failure {
  readonly row: Row;
  readonly error: unknown;
  /** How long the target wants to be left alone with it. */
  readonly afterMs: number;
}

/** What came of a round's rows; those in none of these were not tried. */
export interface Delivered {
  readonly done: readonly Row[];
  readonly refused: readonly { readonly row: Row; readonly reason: string }[];
  /** By key: the row with which its turn ended. */
  readonly failed: ReadonlyMap<string, Failure>;
  /** It looks as if nothing at all could be delivered. */
  readonly isOutage: boolean;
}

/**
 * Delivers each key's rows in turn, keys side by side. The first failure of a key ends that key's turn; one that is finally refused does
 * not: it is out of the way. When the first `KEYS_AT_ONCE` have failed and nothing went through, the rest is not tried.
 */
export const deliverKeys = async (
  rows: readonly Row[],
  { deliver, goOn }: { deliver: (row: Row) => Promise<void>; goOn: () => boolean },
): Promise<Delivered> => {
  const done: Row[] = [];
  const refused: { row: Row; reason: string }[] = [];
  const failed = new Map<string, Failure>();
  const nothingGoes = () => done.length + refused.length === 0 && failed.size >= KEYS_AT_ONCE;

  const deliverKey = async (ofKey: readonly Row[]): Promise<void> => {
    for (const row of ofKey) {
      if (!goOn() || nothingGoes()) return;
      try {
        await deliver(row);
        done.push(row);
      } catch (error) {
        if (error instanceof FinalRefusal) {
          refused.push({ row, reason: error.message });
          continue;
        }
        failed.set(row.key, { row, error, afterMs: error instanceof NotNow ? error.afterMs : 0 });
        return;
      }
    }
  };
  const queue = byKey(rows);
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await deliverKey(next);
  };
  await Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, queue.length) }, lane));

  const unheard = [...failed.values()].filter(({ error }) => !(error instanceof NotNow)).length;
  const isOutage = done.length + refused.length === 0 && (unheard > 1 || nothingGoes());
  return { done, refused, failed, isOutage };
};

const byKey = (rows: readonly Row[]): Row[][] => {
  const keys = new Map<string, Row[]>();
  for (const row of rows) {
    const of = keys.get(row.key);
    if (of) of.push(row);
    else keys.set(row.key, [row]);
  }
  return [...keys.values()];
};
