import type { JsMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { type DeadLetterReason, deadLetterSubject, eventSubject } from '@amends/contracts/internal';
import type { Broker } from './connect-broker.ts';

const DETAIL_MAX_CHARS = 1_000;
const PUBLISH_TIMEOUT_MS = 5_000;
/** What the protocol itself adds to a message. */
const ENVELOPE_BYTES = 1_024;

/** The headers a dead letter has besides those of its event. */
export const DEAD_LETTER_HEADERS = {
  reason: 'Amends-Dead-Reason',
  detail: 'Amends-Dead-Detail',
  /** `<stream> <subject> <durable>`: where it was, and who could not use it. */
  origin: 'Amends-Dead-Origin',
  /** Its sequence in the stream of origin. */
  sequence: 'Amends-Dead-Sequence',
  /** When it was given up, RFC 3339. */
  time: 'Amends-Dead-Time',
  /** Only where the event left no room for these headers: its bytes are still at that sequence of that stream. */
  bodyAt: 'Amends-Dead-Body-At',
} as const;

/**
 * Headers of that prefix tell the broker what to do with a message (`Nats-Expected-Stream`, `Nats-Rollup` …): on a dead letter
 * they would be obeyed again. So they are kept under another name.
 */
export const BROKER_PREFIX = /^nats-/i;
export const KEPT_PREFIX = 'Amends-Original-';

/** With it begins the `msgID` under which a re-driven event is published: no header of the event's own. */
export const REDRIVEN = 'amends-redrive#';

/**
 * Puts an event that cannot be used to the dead letters (E5): subject `dlq.<reason>.<type>`, its untouched bytes, its headers,
 * and why, whence and when. Resolves when the broker has it; doing it again within the duplicate window is one letter.
 */
export const writeDeadLetter = async (
  { js, nc }: Broker,
  message: JsMsg,
  { reason, detail }: { reason: DeadLetterReason; detail: string },
): Promise<void> => {
  const { stream, consumer, streamSequence } = message.info;
  const letter = keptHeaders(message);
  letter.set(DEAD_LETTER_HEADERS.reason, reason);
  letter.set(DEAD_LETTER_HEADERS.detail, detail.replaceAll(/\s+/g, ' ').slice(0, DETAIL_MAX_CHARS));
  letter.set(DEAD_LETTER_HEADERS.origin, `${stream} ${message.subject} ${consumer}`);
  letter.set(DEAD_LETTER_HEADERS.sequence, String(streamSequence));
  letter.set(DEAD_LETTER_HEADERS.time, new Date().toISOString());

  const room = (nc.info?.max_payload ?? Infinity) - bytesOf(letter) - ENVELOPE_BYTES;
  const fits = message.data.length <= room;
  if (!fits) letter.set(DEAD_LETTER_HEADERS.bodyAt, `${stream} ${streamSequence}`);
  await js.publish(deadLetterSubject(reason, typeOf(message.subject)), fits ? message.data : undefined, {
    headers: letter,
    msgID: `${stream}#${streamSequence}#${reason}`,
    timeout: PUBLISH_TIMEOUT_MS,
  });
};

/** A message's headers, for a copy of it: those of its own. */
export const keptHeaders = (message: JsMsg): MsgHdrs => {
  const kept = natsHeaders();
  for (const [name, values] of readableHeaders(message) ?? []) {
    const own = values.filter((value) => !value.startsWith(REDRIVEN));
    for (const value of own) kept.append(BROKER_PREFIX.test(name) ? `${KEPT_PREFIX}${name}` : name, value);
  }
  return kept;
};

/** What headers take on the wire. */
export const bytesOf = (headers: MsgHdrs): number =>
  [...headers].reduce(
    (sum, [name, values]) => sum + Buffer.byteLength(values.map((v) => `${name}: ${v}\r\n`).join('')),
    0,
  );

/** A message's headers, or undefined when it has none or they break the grammar. */
export const readableHeaders = (message: JsMsg): MsgHdrs | undefined => {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
};

/** By the subject, which is always one; what the event itself says of its type may be anything. */
export const typeOf = (subject: string): string => subject.slice(eventSubject('').length);
