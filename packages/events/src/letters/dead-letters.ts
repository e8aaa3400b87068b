import type { JsMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { type DeadLetterReason, deadLetterSubject, eventSubject } from '@amends/contracts/internal';
import { fingerprint } from '@amends/runtime/internal';
import type { Broker } from '../broker/broker.ts';
import { bytesOf, enclose } from './letter-form.ts';
import { recall, remember, tellOnce } from '../broker/told.ts';

const DETAIL_MAX_CHARS = 1_000;
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
export const KEPT_PREFIX = 'Original-';
/** Headers of that prefix are ours to write: those that an event brings are dropped. */
export const OWN_PREFIX = /^amends-/i;

/** With it begins the `msgID` under which a re-driven event is published: no header of the event's own. */
export const REDRIVEN = 'amends-redrive#';

/**
 * Puts an event that cannot be used to the dead letters (E5): subject `dlq.<reason>.<type>`, its untouched bytes, its headers,
 * and why, whence and when. Resolves when the broker has it. What has been a letter within 7 days is not made one again, though it may have
 * been dealt with meanwhile: neither the same message, which comes again when its consumer was made anew, nor the same event in a stream
 * that was made anew (E9). One that is re-driven is another message.
 *
 * @returns whether it is a letter now that was none before
 */
export const writeDeadLetter = async (
  broker: Broker,
  message: JsMsg,
  { reason, detail }: { reason: DeadLetterReason; detail: string },
): Promise<boolean> => {
  const { stream, consumer, streamSequence } = message.info;
  const event = `dead.event.${fingerprint([reason, ...identityOf(message)])}`;
  const inStream = await recall(broker, event);
  if (inStream !== undefined && inStream !== broker.epoch) return false;
  const { headers: letter, payload: enclosed } = enclose({ headers: keptHeaders(message), payload: message.data });
  letter.set(DEAD_LETTER_HEADERS.reason, reason);
  letter.set(DEAD_LETTER_HEADERS.detail, detail.replaceAll(/\s+/g, ' ').slice(0, DETAIL_MAX_CHARS));
  letter.set(DEAD_LETTER_HEADERS.origin, `${stream} ${message.subject} ${consumer}`);
  letter.set(DEAD_LETTER_HEADERS.sequence, String(streamSequence));
  letter.set(DEAD_LETTER_HEADERS.time, new Date().toISOString());

  const room = (broker.nc.info?.max_payload ?? Infinity) - bytesOf(letter) - ENVELOPE_BYTES;
  const fits = enclosed.length <= room;
  if (!fits) letter.set(DEAD_LETTER_HEADERS.bodyAt, `${stream} ${streamSequence}`);
  const subject = deadLetterSubject(reason, typeOf(message.subject));
  const payload = fits ? enclosed : '';
  const once = `dead.message.${fingerprint([reason, broker.epoch, streamSequence])}`;
  const { told } = await tellOnce(broker, once, { subject, payload, headers: letter });
  if (inStream === undefined) await remember(broker, event, broker.epoch);
  return told;
};

/** What is the same in a copy of an event that its outbox has published again into a stream made anew. */
const identityOf = (message: JsMsg): readonly string[] => {
  const own = readableHeaders(message);
  const attributes = [...(own ?? [])].filter(([name]) => /^ce-(?:id|source)$/i.test(name));
  const redriven = [...(own ?? [])].flatMap(([, values]) => values.filter((value) => value.startsWith(REDRIVEN)));
  return [message.subject, Buffer.from(message.data).toString('base64'), JSON.stringify(attributes), ...redriven];
};

/** An event's headers, for a copy of it: those of its own. */
export const keptHeaders = (message: JsMsg): MsgHdrs => keptOf(readableHeaders(message));

export const keptOf = (headers: MsgHdrs | undefined): MsgHdrs => {
  const kept = natsHeaders();
  for (const [name, values] of headers ?? []) {
    if (OWN_PREFIX.test(name)) continue;
    const own = values.filter((value) => !value.startsWith(REDRIVEN));
    for (const value of own) kept.append(BROKER_PREFIX.test(name) ? `${KEPT_PREFIX}${name}` : name, value);
  }
  return kept;
};

/** A message's headers, or undefined when it has none or they break the grammar. */
export const readableHeaders = (message: JsMsg): MsgHdrs | undefined => {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
};

/** No type of ours is as long. A longer subject is cut, so that with our prefix the broker takes it still. */
const TYPE_MAX = 500;

/** By the subject, which is always one; what the event itself says of its type may be anything. */
export const typeOf = (subject: string): string => {
  const type = subject.slice(eventSubject('').length);
  return type.length <= TYPE_MAX ? type : type.slice(0, TYPE_MAX).replace(/\.+$/, '');
};
