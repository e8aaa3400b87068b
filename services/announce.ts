import type { EventType } from '../contracts/events.ts';
import { problems } from '../contracts/problems.ts';
import { enqueue } from '../events/outbox/index.ts';
import type { NewEvent } from '../events/new-event.ts';
import { problemError } from '../platform/http/problem.ts';
import type { Database } from './database.ts';

/**
 * How a service enqueues an event of an order, in the transaction of what it tells of. `source` is the service as CloudEvents knows it,
 * e.g. `/services/orders`.
 *
 * @throws HTTPException 413 `too-large` when no event could carry the data
 */
export const announceFrom =
  (source: string) =>
  async <T extends EventType>(
    tx: Database,
    orderId: string,
    event: Omit<NewEvent<T>, 'source' | 'subject'>,
  ): Promise<void> => {
    try {
      await enqueue<T>(tx, { ...event, source, subject: orderId });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw problemError('too-large', problems['too-large'], { detail: error.message });
    }
  };
