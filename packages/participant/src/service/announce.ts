import type { DataOf, EventContracts, NewEvent, TypeIn } from '@amends/events/internal';
import { enqueue } from '@amends/events/outbox';
import type { Database } from './database.ts';
import { httpProblem } from './http-problem.ts';

/**
 * Enqueues an event in the transaction of what it tells of: both are there, or neither. `subject` is its business key, such as an order's id.
 *
 * @throws HTTPException 413 `too-large` when no event could carry the data
 */
export type Announce<E extends EventContracts> = <T extends TypeIn<E>>(
  tx: Database,
  subject: string,
  event: Omit<NewEvent<T, DataOf<E, T>>, 'source' | 'subject'>,
) => Promise<void>;

/**
 * How one service tells of what it does.
 *
 * @param events the contracts of the application's events
 * @param source the service as CloudEvents knows it, e.g. `/services/orders`
 */
export const announceFrom =
  <E extends EventContracts>(events: E, source: string): Announce<E> =>
  async (tx, subject, event) => {
    try {
      await enqueue(tx, events, { ...event, source, subject });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw httpProblem('too-large', { detail: error.message });
    }
  };
