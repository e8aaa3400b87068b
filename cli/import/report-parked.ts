import { setTimeout as sleep } from 'node:timers/promises';
import type { Cause } from '@amends/contracts';
import { causeText } from '../demo/scene-state.ts';
import type { ShopClient } from '../shop-client.ts';

const PAUSE_MS = 5_000;

/**
 * Tells of each watched order's saga that is parked, once, as soon as it is seen: it waits for a person, who need not wait for
 * the others. Looks every five seconds until `signal` aborts.
 */
export const reportParked = async (
  client: Pick<ShopClient, 'sagas' | 'saga'>,
  isWatched: (orderId: string) => boolean,
  {
    say,
    signal,
    pauseMs = PAUSE_MS,
  }: { say: (sentence: string) => void; signal: AbortSignal; readonly pauseMs?: number },
): Promise<void> => {
  const told = new Set<string>();
  while (!signal.aborted) {
    // the list is a courtesy: an API that stays away is found out by the checks at the end
    for (const saga of await client.sagas({ saga: 'fulfilOrder', status: 'parked' }).catch(() => [])) {
      if (!isWatched(saga.key) || told.has(saga.id)) continue;
      told.add(saga.id);
      const view = await client.saga(saga.id).catch(() => undefined);
      say(parkedText(saga, view?.cause ?? null));
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
};

const parkedText = ({ id, key }: { id: string; key: string }, cause: Cause | null): string =>
  `order ${key}: its saga ${id} is parked and waits for a person to retry, skip or resolve its step (README, For operators)${cause ? `; what failed first: ${causeText(cause)}` : ''}`;
