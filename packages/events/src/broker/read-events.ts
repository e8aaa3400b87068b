import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { EVENTS_STREAM, eventSubject } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import { type Classify, classifyBy, subjectsOf } from '../edge/classify.ts';
import { connectBroker } from './connect-broker.ts';
import { readableHeaders } from '../letters/dead-letters.ts';
import type { DataOf, EventContracts, KnownEvent, TypeIn } from '../edge/known-event.ts';
import { readNatsEvent } from './nats-binding.ts';

const BROKER_WAIT_MS = 5_000;
const BATCH = 200;
const FETCH_MS = 2_000;
/** How often in a row nothing may come, though the stream says that there is more. */
const SILENCES_MAX = 5;

/** An event with the time that it bears, null where it has none. */
export type TimedEvent<T extends string = string, D = unknown> = KnownEvent<T, D> & { readonly time: string | null };

/** The same, of these types. */
export type TimedEventOf<E extends EventContracts, T extends TypeIn<E>> = {
  readonly [K in T]: TimedEvent<K, DataOf<E, K>>;
}[T];

/** Some of the stream's events, oldest first; `done` of `of` have been read with them. What cannot be used is counted and left out. */
export interface EventBatch<E extends TimedEvent = TimedEvent> {
  readonly events: readonly E[];
  readonly done: number;
  readonly of: number;
}

/**
 * Reads the events of those types that the stream holds when this is first asked, from its beginning, past every durable consumer.
 *
 * @throws Error when the broker is out of reach, or falls silent in the middle
 */
export const readEvents = async function* <E extends EventContracts, T extends TypeIn<E>>(
  { natsUrl, contracts, types }: { readonly natsUrl: string; readonly contracts: E; readonly types: readonly T[] },
  log: Log,
): AsyncGenerator<EventBatch<TimedEventOf<E, T>>, void> {
  const classify = classifyBy(contracts);
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
      const events = messages.flatMap((message) => eventIn(message, classify));
      yield { events: events as unknown as TimedEventOf<E, T>[], done, of };
      // some may have grown too old meanwhile, and more may have come
      const last = messages.at(-1);
      left = last === undefined ? left : Math.min(of - done, last.info.pending);
      if (last !== undefined && last.seq >= state.last_seq) left = 0;
    }
  } finally {
    await connection.close();
  }
};

const eventIn = (message: JsMsg, classify: Classify): TimedEvent[] => {
  const parsed = readNatsEvent(readableHeaders(message), message.data);
  const classified = classify(parsed);
  if (!classified.usable || message.subject !== eventSubject(classified.sentAs)) return [];
  return [{ ...classified.event, time: parsed.event?.time ?? null }];
};
