import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { RebuildNews } from '../../../contracts/rebuild.ts';
import type { EventType } from '../../../contracts/events.ts';
import { waitingEvents } from '@amends/events/outbox';
import type { EventBatch } from '@amends/events';
import { inTransaction, isBusy, isConflict } from '@amends/participant/service';
import type { TimedShopEvent } from '../../shop-event.ts';
import { orderReleased } from '../order-released.ts';
import { addFacts } from './add-facts.ts';
import { changedRows, countRows, factsNotIn } from './compare-generations.ts';
import { FACT_TYPES, factOf, type HeardEvent } from './fact-of.ts';
import type { ToldFact } from './fact.ts';
import { beginGeneration, serveGeneration } from './generations.ts';
import { readReleases } from './read-releases.ts';

const FACTS_AT_ONCE = 200;
const BATCH_TRIES = 5;
const BATCH_PAUSE_MS = 200;

export interface Rebuilding {
  readonly pool: Pool;
  /** The stream from its beginning to what it holds when this is called. */
  readonly readStream: (types: readonly EventType[]) => AsyncIterable<EventBatch<TimedShopEvent>>;
}

/**
 * Makes the read side anew beside the one that is served, out of the stream, of what waits in the outbox, and of what this service keeps to
 * itself; then serves it, all at once. What happens meanwhile goes into both. A fact of which the stream holds no event (it has grown too
 * old, or came in over HTTP) is taken over as it was. Ending anywhere leaves what is served untouched. One at a time (`takeTurn`).
 */
export const rebuild = async function* ({ pool, readStream }: Rebuilding): AsyncGenerator<RebuildNews, void> {
  const building = await beginGeneration(pool);
  const add = (facts: readonly ToldFact[]) => addAll(pool, building, facts);

  // before the stream: what has left the outbox by then is in the stream
  await add(factsOf(await waitingEvents(pool, FACT_TYPES)));
  for await (const releases of readReleases(pool)) await add(factsOf(releases.map(orderReleased)));

  let events = 0;
  for await (const batch of readStream(FACT_TYPES)) {
    await add(factsOf(batch.events));
    events = batch.done;
    yield { is: 'reading', done: batch.done, of: batch.of };
  }

  let kept = 0;
  for await (const facts of factsNotIn(pool, building)) {
    await add(facts);
    kept += facts.length;
    yield { is: 'keeping', done: kept };
  }

  const changed = await changedRows(pool, building);
  if (!(await serveGeneration(pool, building))) throw new Error('another rebuild has begun');
  yield { is: 'done', events, orders: await countRows(pool), kept, changed };
};

const factsOf = (events: readonly HeardEvent[]): ToldFact[] => events.flatMap((event) => factOf(event) ?? []);

const addAll = async (pool: Pool, building: number, facts: readonly ToldFact[]): Promise<void> => {
  for (let at = 0; at < facts.length; at += FACTS_AT_ONCE) {
    await addOnce(pool, building, facts.slice(at, at + FACTS_AT_ONCE));
  }
};

/** Again when somebody was at one of its orders for long: it changes nothing twice. */
const addOnce = async (pool: Pool, building: number, facts: readonly ToldFact[]): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(pool, (tx) => addFacts(tx, facts, building));
    } catch (error) {
      if (tries === BATCH_TRIES || !(isConflict(error) || isBusy(error))) throw error;
      await sleep(BATCH_PAUSE_MS);
    }
  }
};
