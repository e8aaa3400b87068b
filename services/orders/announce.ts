import type { EventType } from '../../contracts/events.ts';
import { problems } from '../../contracts/problems.ts';
import { enqueue } from '../../events/outbox/index.ts';
import type { NewEvent } from '../../events/new-event.ts';
import { problemError } from '../../platform/http/problem.ts';
import type { Database } from '../database.ts';
import { EVENT_SOURCE } from './event-source.ts';

/**
 * Enqueues an event of an order, in the transaction of what it tells of.
 *
 * @throws HTTPException 413 `too-large` when no event could carry the data
 */
export const announce = async <T extends EventType>(
  tx: Database,
  orderId: string,
  { type, data }: Pick<NewEvent<T>, 'type' | 'data'>,
): Promise<void> => {
  try {
    await enqueue<T>(tx, { type, source: EVENT_SOURCE, subject: orderId, data });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problemError('too-large', problems['too-large'], { detail: error.message });
  }
};
