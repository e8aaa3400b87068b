import { setTimeout as sleep } from 'node:timers/promises';
import { sagaId, SagaEnd } from '@amends/contracts';
import { inParallel } from 'amends';
import type { SagaSummary, ShopClient } from '../shop-client.ts';

const SAGA = 'fulfilOrder';

/** An order's end event leaves just before its saga closes, and Temporal lists a saga a moment after that. */
const TRIES = 10;
const PAUSE_MS = 500;

const hasEnded = (saga: SagaSummary | undefined): boolean => SagaEnd.safeParse(saga?.status).success;

/**
 * The sagas of these orders, by order: from the list of sagas started after `since`, older ones by their id. Waits a few seconds
 * for those that are about to close; one that does not is given as it is.
 */
export const findSagas = async (
  client: Pick<ShopClient, 'saga' | 'sagas'>,
  orderIds: readonly string[],
  since: Date,
  parallel: number,
): Promise<Map<string, SagaSummary>> => {
  const found = new Map<string, SagaSummary>();
  const wanted = new Set(orderIds);
  for (let attempt = 1; ; attempt++) {
    for (const saga of await client.sagas({ saga: SAGA, after: since.toISOString() })) {
      if (wanted.has(saga.key)) found.set(saga.key, saga);
    }
    const missing = orderIds.filter((orderId) => !hasEnded(found.get(orderId)));
    await inParallel(missing, parallel, async (orderId) => {
      const saga = await client.saga(sagaId(SAGA, orderId));
      if (saga) found.set(orderId, saga);
    });
    if (attempt === TRIES || missing.every((orderId) => hasEnded(found.get(orderId)))) return found;
    await sleep(PAUSE_MS);
  }
};
