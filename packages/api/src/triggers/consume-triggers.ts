import type { Log } from '@amends/runtime/internal';
import { consume, type Consumer, takeEvent } from '@amends/events/internal';
import type { Dispatcher, EventContracts } from '@amends/events';
import type { CountEvent } from '@amends/events/internal';

/** Shared by all API processes. */
const DURABLE = 'amends-triggers';

/**
 * Lets the broker's events start and cancel sagas. It sees every event, so it is also who puts what is of no known type to
 * the dead letters. `maxEventBytes` is MAX_BODY_BYTES: the same limit as over HTTP.
 */
export const consumeTriggers = ({
  natsUrl,
  contracts,
  dispatcher,
  count,
  maxEventBytes,
  log,
}: {
  natsUrl: string;
  contracts: EventContracts;
  dispatcher: Dispatcher;
  count: CountEvent;
  maxEventBytes: number;
  log: Log;
}): Promise<Consumer> =>
  consume({
    natsUrl,
    contracts,
    durable: DURABLE,
    types: 'all',
    handle: takeEvent({ dispatcher, count }),
    onDead: (type, reason) => count(type, reason === 'conflict' ? 'conflict' : 'invalid'),
    maxEventBytes,
    log,
  });
