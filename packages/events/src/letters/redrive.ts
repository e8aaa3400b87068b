import type { StoredMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import type { Redriven } from '@amends/contracts/internal';
import { DEAD_LETTER_STREAM, PayloadTooLarge } from '@amends/contracts/internal';
import { fingerprint } from '@amends/runtime/internal';
import type { Broker } from '../broker/broker.ts';
import { REDRIVEN } from './dead-letters.ts';
import { bytesOf } from './letter-form.ts';
import { type EventInLetter, eventIn, readDeadLetter } from './read-dead-letter.ts';
import { tellOnce } from '../broker/told.ts';

/** JetStream takes 65,535, the `msgID` among them. */
const HEADERS_MAX_BYTES = 65_000;

/** `unknown`: there is no such letter (any more). `dropped`: its bytes were left in the stream of origin, which has dropped them. */
export type RedriveAnswer = Redriven | 'unknown' | 'dropped';

/**
 * Publishes the event of a dead letter again, its bytes untouched and with its own headers, to the subject by which it came (decision 23);
 * once the stream has it, the letter goes. Ending anywhere in between leaves both: then the letter is there to be re-driven again, and who
 * does so within 7 days, or at the same time as another, publishes nothing twice.
 */
export const redrive = async (broker: Broker, id: number): Promise<RedriveAnswer> => {
  const stored = await broker.jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq: id });
  const letter = stored && (await readDeadLetter(broker, stored));
  if (!letter) return 'unknown';
  const { headers, bytes } = await eventIn(broker, stored, letter.type);
  if (bytes === undefined) return 'dropped';
  const event = { subject: letter.subject, payload: bytes, headers: publishable(headers) };
  const once = `redriven.${id}.${fingerprint(stored.timestamp)}`;
  const { seq: sequence } = await tellOnce(broker, once, { ...event, prefix: REDRIVEN });
  await forget(broker, stored);
  return { id: letter.id, type: letter.type, subject: letter.subject, sequence };
};

/** What was said to the broker (`Nats-…`) is not said again: it stays under the name that the letter gave it. */
const publishable = (own: EventInLetter['headers']): MsgHdrs => {
  const headers = natsHeaders();
  for (const [name, values] of own) for (const value of values) headers.append(name, value);
  if (bytesOf(headers) > HEADERS_MAX_BYTES)
    throw new PayloadTooLarge('its headers leave no room for the one that is added');
  return headers;
};

/** Removes a letter, whoever wrote it and whatever it holds. @returns whether there was one */
export const removeLetter = async (broker: Broker, id: number): Promise<boolean> => {
  const stored = await broker.jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq: id });
  if (stored) await forget(broker, stored);
  return stored !== null;
};

const forget = async ({ jsm }: Broker, { seq }: StoredMsg): Promise<void> => {
  try {
    await jsm.streams.deleteMessage(DEAD_LETTER_STREAM, seq);
  } catch (error) {
    // somebody who re-drove it at the same time was sooner
    if (await jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq })) throw error;
  }
};
