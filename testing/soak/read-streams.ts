import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import { sagaId } from '../../packages/contracts/src/protocol/keys.ts';
import { DEAD_LETTER_STREAM } from '../../packages/contracts/src/protocol/streams.ts';
import { digestOf } from './poison.ts';
import type { LetterFound } from './world.ts';

const LATE_SUBJECTS = 'amends.late.>';

/** Everything that is in the dead letters. */
export const readLetters = async (jsm: JetStreamManager): Promise<readonly LetterFound[]> => {
  const letters: LetterFound[] = [];
  for await (const message of messagesOf(jsm, DEAD_LETTER_STREAM)) {
    letters.push({
      sequence: Number(message.header.get('Amends-Dead-Sequence')),
      reason: message.header.get('Amends-Dead-Reason'),
      subject: message.subject,
      digest: digestOf(message.data),
    });
  }
  return letters;
};

/** A cancel as it came: in structured mode, or in binary mode its data alone. */
const Cancel = z.object({ orderId: z.string() });
const Late = z.union([z.object({ data: Cancel }).transform(({ data }) => data), Cancel]);

/** The sagas of the cancels that were published as too late, whatever stream has those subjects. */
export const readLate = async (jsm: JetStreamManager): Promise<ReadonlySet<string>> => {
  const sagas = new Set<string>();
  for await (const { config } of jsm.streams.list()) {
    if (!config.subjects?.includes(LATE_SUBJECTS)) continue;
    for await (const message of messagesOf(jsm, config.name))
      sagas.add(sagaId('fulfilOrder', Late.parse(message.json()).orderId));
  }
  return sagas;
};

/** What a stream holds, oldest first, one at a time, read past every consumer. */
const messagesOf = async function* (jsm: JetStreamManager, stream: string): AsyncGenerator<StoredMsg> {
  const { state } = await jsm.streams.info(stream);
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
    const message = await jsm.streams.getMessage(stream, { seq });
    if (message) yield message;
  }
};
