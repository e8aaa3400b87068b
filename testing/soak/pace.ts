import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkInHand } from './work-in-hand.ts';

/**
 * No more is sent while so much is on its way, from the outbox to the ends of sagas: the traffic lasts as long as the work, and whoever is
 * struck is struck in its middle. On two cores more at a time makes nothing faster.
 */
const ON_ITS_WAY_MAX = 16;
const LOOK_EVERY_MS = 250;
const TRY_EVERY_MS = 50;

export interface Pace {
  /** Resolves as soon as the next one may be sent. */
  readonly open: () => Promise<void>;
  /** What is on its way, as last seen. */
  readonly onItsWay: () => number;
  readonly stop: () => Promise<void>;
}

/** While a server does not answer, what was seen last counts. */
export const keepPace = (work: Pick<WorkInHand, 'orderSagas' | 'triggers' | 'outbox'>, signal: AbortSignal): Pace => {
  const stopped = new AbortController();
  const over = AbortSignal.any([signal, stopped.signal]);
  let seen = 0;
  let sentSince = 0;
  const isFull = (): boolean => seen + sentSince >= ON_ITS_WAY_MAX;
  const look = async (): Promise<void> => {
    while (!over.aborted) {
      const sentBefore = sentSince;
      const all = [work.orderSagas(), work.outbox(), work.triggers().then((of) => of.waiting + of.unacknowledged)];
      const counts = await Promise.all(all).catch(() => null);
      if (counts !== null) {
        seen = counts.reduce((sum, count) => sum + count, 0);
        sentSince -= sentBefore;
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => {});
    }
  };
  const looking = look();
  return {
    open: async () => {
      while (isFull()) await sleep(TRY_EVERY_MS, undefined, { signal });
      sentSince += 1;
    },
    onItsWay: () => seen + sentSince,
    stop: async () => {
      stopped.abort();
      await looking;
    },
  };
};
