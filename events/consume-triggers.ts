import type { Log } from '../platform/log.ts';
import { consume, type Consumer } from './consumer.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { CountEvent } from './event-counts.ts';
import { takeEvent } from './take-event.ts';

/** Shared by all API processes. */
const DURABLE = 'amends-triggers';

/**
 * Lets the broker's events start and cancel sagas. It sees every event, so it is also who puts what is of no known type to
 * the dead letters. `maxEventBytes` is MAX_BODY_BYTES: the same limit as over HTTP.
 */
export const consumeTriggers = ({
  natsUrl,
  dispatcher,
  count,
  maxEventBytes,
  log,
}: {
  natsUrl: string;
  dispatcher: Dispatcher;
  count: CountEvent;
  maxEventBytes: number;
  log: Log;
}): Promise<Consumer> =>
  consume({
    natsUrl,
    durable: DURABLE,
    types: 'all',
    handle: takeEvent({ dispatcher, count }),
    onDead: (type, reason) => count(type, reason === 'conflict' ? 'conflict' : 'invalid'),
    maxEventBytes,
    log,
  });
