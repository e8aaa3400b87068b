import { JetStreamApiError, type StoredMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import type { DeadLetter } from '@amends/contracts/internal';
import { DeadLetterReason, EVENTS_STREAM, eventSubject } from '@amends/contracts/internal';
import { Instant } from '@amends/contracts';
import type { Broker } from '../broker/broker.ts';
import { BROKER_PREFIX, DEAD_LETTER_HEADERS, keptOf, KEPT_PREFIX, OWN_PREFIX, typeOf } from './dead-letters.ts';
import { disclose } from './letter-form.ts';
import { textOf } from '../edge/parse-event.ts';

/** `dlq.<reason>.<type>`. */
const SUBJECT = /^dlq\.([^.]+)\.(.+)$/;

/** A stored dead letter, its event fetched from where it is; undefined when it is none of ours: somebody else's message on that stream. */
export const readDeadLetter = async (broker: Broker, stored: StoredMsg): Promise<DeadLetter | undefined> => {
  const [, word, type] = SUBJECT.exec(stored.subject) ?? [];
  const reason = DeadLetterReason.safeParse(word);
  if (!reason.success || type === undefined) return undefined;
  const letter = headersOf(stored);
  const { headers, bytes } = await eventIn(broker, stored, type);
  return {
    id: String(stored.seq),
    reason: reason.data,
    type,
    subject: eventSubject(type),
    origin: originOf(letter),
    at: Instant.safeParse(letter.get(DEAD_LETTER_HEADERS.time)).data ?? stored.time.toISOString(),
    detail: letter.get(DEAD_LETTER_HEADERS.detail),
    headers: Object.fromEntries(headers.map(([name, values]) => [originalName(name), values])),
    ...written(bytes),
  };
};

/** A letter's event. `bytes` is undefined when they were too many for the letter, and the stream of origin has dropped them. */
export interface EventInLetter {
  /** Its own; what they said to the broker is under another name. */
  readonly headers: readonly [string, string[]][];
  readonly bytes: Uint8Array | undefined;
}

/**
 * What a letter encloses. Where it says that its bytes stayed behind, they are looked for among the events of the letter's own type and
 * nowhere else: anybody who may publish can write a message that looks like a letter.
 */
export const eventIn = async (broker: Broker, stored: StoredMsg, type: string): Promise<EventInLetter> => {
  const letter = headersOf(stored);
  const { moved, payload } = disclose(letter, stored.data);
  const headers = [...eventHeaders([...letter]), ...eventHeaders(moved)];
  const [stream, seq] = letter.get(DEAD_LETTER_HEADERS.bodyAt).split(' ');
  if (!stream) return { headers, bytes: payload };
  const found = stream === EVENTS_STREAM ? await storedAt(broker, stream, Number(seq)) : undefined;
  if (found === undefined || typeOf(found.subject) !== type) return { headers, bytes: undefined };
  return { headers: headers.length > 0 ? headers : [...keptOf(headersOf(found))], bytes: found.data };
};

const storedAt = async ({ jsm }: Broker, stream: string, seq: number): Promise<StoredMsg | undefined> => {
  if (!Number.isSafeInteger(seq) || seq < 1) return undefined;
  try {
    return (await jsm.streams.getMessage(stream, { seq })) ?? undefined;
  } catch (error) {
    // the broker answers: it has no such message, or no such stream
    if (error instanceof JetStreamApiError) return undefined;
    throw error;
  }
};

/** Those that we write can be read; somebody else's may break the grammar, and then there are none. */
const headersOf = (stored: StoredMsg): MsgHdrs => {
  try {
    return stored.header;
  } catch {
    return natsHeaders();
  }
};

const originOf = (headers: MsgHdrs): DeadLetter['origin'] => {
  const [stream, , consumer] = headers.get(DEAD_LETTER_HEADERS.origin).split(' ');
  const sequence = Number(headers.get(DEAD_LETTER_HEADERS.sequence));
  return stream && consumer && Number.isSafeInteger(sequence) ? { stream, sequence, consumer } : null;
};

const eventHeaders = (entries: readonly [string, string[]][]): [string, string[]][] =>
  entries.filter(([name]) => !OWN_PREFIX.test(name) && !BROKER_PREFIX.test(name));

const originalName = (name: string): string => (name.startsWith(KEPT_PREFIX) ? name.slice(KEPT_PREFIX.length) : name);

const written = (bytes: Uint8Array | undefined): Pick<DeadLetter, 'event' | 'encoding'> => {
  if (bytes === undefined) return { event: null, encoding: null };
  const text = textOf(bytes);
  return text === undefined
    ? { event: Buffer.from(bytes).toString('base64'), encoding: 'base64' }
    : { event: text, encoding: 'text' };
};
