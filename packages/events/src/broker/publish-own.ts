import { randomUUID } from 'node:crypto';
import type { PubAck, StoredMsg } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { Broker } from './broker.ts';

const PUBLISH_TIMEOUT_MS = 5_000;
/** A copy that is written later has another time. */
const TIME_HEADER = /-time$/i;
/** Its own, and what it says to the broker. */
const BROKER_HEADER = /^nats-/i;

export interface OwnMessage {
  readonly subject: string;
  readonly payload: Uint8Array | string;
  readonly headers: MsgHdrs;
  /** By which the broker knows a repeat of it: the same at each repeat, and such as nobody else can guess. */
  readonly msgID: string;
}

/**
 * Publishes a message of ours and resolves with its sequence once the broker has it on its disk.
 *
 * The broker knows a repeat by its id alone, whatever subject and bytes it has: where it says that it has this one already, that is looked
 * up, and what is not ours is published under another id.
 *
 * @param isOurs default: it has the same subject, bytes and headers, but for times
 */
export const publishOwn = async (
  broker: Broker,
  { subject, payload, headers, msgID }: OwnMessage,
  isOurs: (stored: StoredMsg) => boolean = (stored) => isSame(stored, { subject, payload, headers }),
): Promise<number> => {
  const publish = (id: string): Promise<PubAck> =>
    broker.js.publish(subject, payload, { headers, msgID: id, timeout: PUBLISH_TIMEOUT_MS });
  const ack = await publish(msgID);
  if (!ack.duplicate || (await isThere(broker, ack, isOurs))) return ack.seq;
  return (await publish(`${msgID}#${randomUUID()}`)).seq;
};

const isThere = async (
  { jsm }: Broker,
  { stream, seq }: PubAck,
  isOurs: (stored: StoredMsg) => boolean,
): Promise<boolean> => {
  const stored = await jsm.streams.getMessage(stream, { seq });
  return stored !== null && isOurs(stored);
};

const isSame = (stored: StoredMsg, { subject, payload, headers }: Omit<OwnMessage, 'msgID'>): boolean => {
  if (stored.subject !== subject || !Buffer.from(stored.data).equals(Buffer.from(payload))) return false;
  return [...headers].every(
    ([name, values]) =>
      BROKER_HEADER.test(name) || TIME_HEADER.test(name) || String(valuesIn(stored, name)) === String(values),
  );
};

/** Somebody else's headers may break the grammar. */
const valuesIn = (stored: { readonly header: MsgHdrs }, name: string): string[] => {
  try {
    return stored.header.values(name);
  } catch {
    return [];
  }
};
