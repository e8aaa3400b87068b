import type { StoredMsg } from '@nats-io/jetstream';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import type { Redriven } from '@amends/contracts/internal';
import { DEAD_LETTER_STREAM } from '@amends/contracts/internal';
import type { Broker } from './connect-broker.ts';
import { REDRIVEN } from './dead-letters.ts';
import { bytesOf, eventHeaders, headersOf, readDeadLetter } from './read-dead-letter.ts';

const PUBLISH_TIMEOUT_MS = 5_000;

/** `unknown`: there is no such letter (any more). `dropped`: its bytes were left in the stream of origin, which has dropped them. */
export type RedriveAnswer = Redriven | 'unknown' | 'dropped';

/**
 * Publishes the event of a dead letter again, its bytes untouched and with its own headers, to the subject by which it came (decision 23);
 * once the stream has it, the letter goes. Ending anywhere in between leaves both: then the letter is there to be re-driven again, and who
 * does so soon, or at the same time as another, publishes nothing twice.
 */
export const redrive = async (broker: Broker, id: number): Promise<RedriveAnswer> => {
  const { js, jsm } = broker;
  const stored = await jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq: id });
  const letter = stored && (await readDeadLetter(broker, stored));
  if (!letter) return 'unknown';
  const bytes = await bytesOf(broker, stored);
  if (bytes === undefined) return 'dropped';
  const { seq: sequence } = await js.publish(letter.subject, bytes, {
    headers: publishable(headersOf(stored)),
    msgID: `${REDRIVEN}${id}#${stored.timestamp}`,
    timeout: PUBLISH_TIMEOUT_MS,
  });
  await forget(broker, stored);
  return { id: letter.id, type: letter.type, subject: letter.subject, sequence };
};

/** What was said to the broker (`Nats-…`) is not said again: it stays under the name that the letter gave it. */
const publishable = (letter: MsgHdrs): MsgHdrs => {
  const headers = natsHeaders();
  for (const [name, values] of eventHeaders(letter)) for (const value of values) headers.append(name, value);
  return headers;
};

const forget = async ({ jsm }: Broker, { seq }: StoredMsg): Promise<void> => {
  try {
    await jsm.streams.deleteMessage(DEAD_LETTER_STREAM, seq);
  } catch (error) {
    // somebody who re-drove it at the same time was sooner
    if (await jsm.streams.getMessage(DEAD_LETTER_STREAM, { seq })) throw error;
  }
};
