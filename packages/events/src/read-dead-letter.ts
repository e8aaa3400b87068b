import type { StoredMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import type { DeadLetter } from '@amends/contracts/internal';
import { DeadLetterReason, eventSubject } from '@amends/contracts/internal';
import type { Broker } from './connect-broker.ts';
import { BROKER_PREFIX, DEAD_LETTER_HEADERS, KEPT_PREFIX } from './dead-letters.ts';
import { textOf } from './parse-event.ts';

/** `dlq.<reason>.<type>`. */
const SUBJECT = /^dlq\.([^.]+)\.(.+)$/;
const OURS = new Set<string>(Object.values(DEAD_LETTER_HEADERS));

/** A stored dead letter, its event fetched from where it is; undefined when it is none of ours: somebody else's message on that stream. */
export const readDeadLetter = async (broker: Broker, stored: StoredMsg): Promise<DeadLetter | undefined> => {
  const [, word, type] = SUBJECT.exec(stored.subject) ?? [];
  const reason = DeadLetterReason.safeParse(word);
  if (!reason.success || type === undefined) return undefined;
  const headers = headersOf(stored);
  const time = new Date(headers.get(DEAD_LETTER_HEADERS.time));
  const bytes = await bytesOf(broker, stored);
  return {
    id: String(stored.seq),
    reason: reason.data,
    type,
    subject: eventSubject(type),
    origin: originOf(headers),
    at: (Number.isNaN(time.getTime()) ? stored.time : time).toISOString(),
    detail: headers.get(DEAD_LETTER_HEADERS.detail),
    headers: Object.fromEntries(eventHeaders(headers).map(([name, values]) => [originalName(name), values])),
    ...written(bytes),
  };
};

/** A letter's event: its own bytes, or those in the stream of origin where they were too many for it; undefined when that has dropped them. */
export const bytesOf = async ({ jsm }: Broker, stored: StoredMsg): Promise<Uint8Array | undefined> => {
  const [stream, seq] = headersOf(stored).get(DEAD_LETTER_HEADERS.bodyAt).split(' ');
  if (!stream) return stored.data;
  return (await jsm.streams.getMessage(stream, { seq: Number(seq) }))?.data;
};

/** Those that we write can be read; somebody else's may break the grammar, and then there are none. */
export const headersOf = (stored: StoredMsg): MsgHdrs => {
  try {
    return stored.header;
  } catch {
    return natsHeaders();
  }
};

const originOf = (headers: MsgHdrs): DeadLetter['origin'] => {
  const [stream, , consumer] = headers.get(DEAD_LETTER_HEADERS.origin).split(' ');
  const sequence = Number(headers.get(DEAD_LETTER_HEADERS.sequence));
  return stream && consumer ? { stream, sequence, consumer } : null;
};

/** A letter's headers that are its event's; what those said to the broker is under another name. */
export const eventHeaders = (letter: MsgHdrs): readonly [string, string[]][] =>
  [...letter].filter(([name]) => !OURS.has(name) && !BROKER_PREFIX.test(name));

const originalName = (name: string): string => (name.startsWith(KEPT_PREFIX) ? name.slice(KEPT_PREFIX.length) : name);

const written = (bytes: Uint8Array | undefined): Pick<DeadLetter, 'event' | 'encoding'> => {
  if (bytes === undefined) return { event: null, encoding: null };
  const text = textOf(bytes);
  return text === undefined
    ? { event: Buffer.from(bytes).toString('base64'), encoding: 'base64' }
    : { event: text, encoding: 'text' };
};
