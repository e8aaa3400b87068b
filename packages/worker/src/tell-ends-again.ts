import { endedSagas, type SagaTemporal } from '@amends/client/internal';
import { EVENTS_MAX_AGE_DAYS } from '@amends/contracts/internal';
import { areEndsTold, noteEndsTold, type Outlet } from '@amends/events/internal';
import { lookAfter, type Log, type Running } from '@amends/runtime/internal';
import { publishSagaEvent } from './publish-saga-event.ts';

const LOOK_EVERY_MS = 5_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** A saga whose end went into the stream before may close a little later, by another clock. */
const CLOSED_AFTER_MS = 5_000;
/** Until Temporal's index has it. */
const INDEXED_AFTER_MS = 5_000;
const AT_ONCE = 10;

/**
 * Publishes the ends of sagas again into a stream of events that was made anew (E9). Temporal has them: those of the last 7 days, as long as
 * an event would have been kept. Who has heard of one before drops it by its id. Without a broker there is nothing to lose.
 */
export const tellEndsAgain = (client: SagaTemporal, outlet: Pick<Outlet, 'targets' | 'broker'>, log: Log): Running => {
  const { broker: connection } = outlet;
  if (!connection) return { close: async () => undefined };
  const check = async (): Promise<void> => {
    const broker = connection.now();
    if (!broker || areEndsTold(connection.streams())) return;
    const madeAt = Date.parse(broker.epoch);
    if (Date.now() < madeAt + CLOSED_AFTER_MS + INDEXED_AFTER_MS) return;
    const closed = {
      after: new Date(madeAt - EVENTS_MAX_AGE_DAYS * DAY_MS),
      before: new Date(madeAt + CLOSED_AFTER_MS),
    };
    let count = 0;
    const batch: Promise<void>[] = [];
    for await (const { event, runId } of endedSagas(client, closed)) {
      batch.push(publishSagaEvent(outlet, event, runId));
      count += 1;
      if (batch.length === AT_ONCE) await Promise.all(batch.splice(0));
    }
    await Promise.all(batch);
    await noteEndsTold(broker);
    await connection.look();
    if (count > 0) log.warn({ count }, 'the stream of events was made anew: the ends of sagas are published again');
  };
  return lookAfter({ what: 'the ends of sagas in a stream made anew', check, everyMs: LOOK_EVERY_MS, log });
};
