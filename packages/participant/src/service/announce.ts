import type { EventType } from '../../../../contracts/events.ts';
import { problems } from '@amends/contracts/internal';
import { enqueue } from '@amends/events/outbox';
import type { NewEvent } from '@amends/events/internal';
import { problemError } from '@amends/runtime/internal';
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
