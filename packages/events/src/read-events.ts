import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { events as contracts, type EventType } from '../../../contracts/events.ts';
import { EVENTS_STREAM, eventSubject } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import { classifyBy, subjectsOf } from './classify.ts';
import { connectBroker } from './connect-broker.ts';
import { readableHeaders } from './dead-letters.ts';
import type { KnownEvent } from './known-event.ts';
import { readNatsEvent } from './nats-binding.ts';

const BROKER_WAIT_MS = 5_000;
const BATCH = 200;
const FETCH_MS = 2_000;
/** How often in a row nothing may come, though the stream says that there is more. */
const SILENCES_MAX = 5;

/** An event with the time that it bears, null where it has none. */
export type TimedEvent<T extends EventType = EventType> = KnownEvent<T> & { readonly time: string | null };

/** Some of the stream's events, oldest first; `done` of `of` have been read with them. What cannot be used is counted and left out. */
export interface EventBatch {
  readonly events: readonly TimedEvent[];
  readonly done: number;
  readonly of: number;
}

/**
 * Reads the events of those types that the stream holds when this is first asked, from its beginning, past every durable consumer.
 *
 * @throws Error when the broker is out of reach, or falls silent in the middle
 */
export const readEvents = async function* (
  natsUrl: string,
  types: readonly EventType[],
  log: Log,
): AsyncGenerator<EventBatch, void> {
  const connection = connectBroker(natsUrl, log);
  try {
    const { js, jsm } = await connection.use(BROKER_WAIT_MS);
    const { state } = await jsm.streams.info(EVENTS_STREAM);
    const consumer = await js.consumers.get(EVENTS_STREAM, {
      filter_subjects: types.flatMap((type) => subjectsOf(contracts, type)),
      deliver_policy: DeliverPolicy.All,
    });
    const { num_pending: of } = await consumer.info();
    let done = 0;
    let silences = 0;
    let left = of;
    yield { events: [], done, of };
    while (left > 0) {
      const messages: JsMsg[] = [];
      const batch = await consumer.fetch({ max_messages: Math.min(BATCH, left), expires: FETCH_MS });
      for await (const message of batch) messages.push(message);
      silences = messages.length === 0 ? silences + 1 : 0;
      if (silences > SILENCES_MAX) throw new Error(`the broker fell silent after ${done} of ${of} events`);
      done += messages.length;
      yield { events: messages.flatMap(eventIn), done, of };
      // some may have grown too old meanwhile, and more may have come
      const last = messages.at(-1);
      left = last === undefined ? left : Math.min(of - done, last.info.pending);
      if (last !== undefined && last.seq >= state.last_seq) left = 0;
    }
  } finally {
    await connection.close();
  }
};

const classify = classifyBy(contracts);

const eventIn = (message: JsMsg): TimedEvent[] => {
  const parsed = readNatsEvent(readableHeaders(message), message.data);
  const classified = classify(parsed);
  if (!classified.usable || message.subject !== eventSubject(classified.sentAs)) return [];
  return [{ ...classified.event, time: parsed.event?.time ?? null }];
};
