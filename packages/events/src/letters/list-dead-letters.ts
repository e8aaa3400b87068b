import type { SeqMsgRequest, StoredMsg } from '@nats-io/jetstream';
import type { DeadLetter } from '@amends/contracts/internal';
import { DEAD_LETTER_STREAM, type DeadLetterReason } from '@amends/contracts/internal';
import type { Broker } from '../broker/broker.ts';
import { readDeadLetter } from './read-dead-letter.ts';

/** A page ends early when it has so much: events may be large. */
const PAGE_BYTES = 4_000_000;

export interface DeadLetterFilter {
  readonly reason?: DeadLetterReason | undefined;
  readonly type?: string | undefined;
}

/** `from`: the sequence of the first letter that may be shown. */
export interface PageOfLetters {
  readonly filter: DeadLetterFilter;
  readonly limit: number;
  readonly from: number;
}

/** Dead letters in the order in which they were written; `next`: from where it goes on, or null. */
export const listDeadLetters = async (
  broker: Broker,
  { filter, limit, from }: PageOfLetters,
): Promise<{ items: DeadLetter[]; next: number | null }> => {
  const items: DeadLetter[] = [];
  const subject = `dlq.${filter.reason ?? '*'}.${filter.type ?? '>'}`;
  let bytes = 0;
  let stored = await atOrAfter(broker, subject, from);
  while (stored && items.length < limit && bytes < PAGE_BYTES) {
    const letter = await readDeadLetter(broker, stored);
    if (letter) items.push(letter);
    bytes += letter?.event?.length ?? 0;
    stored = await atOrAfter(broker, subject, stored.seq + 1);
  }
  return { items, next: stored?.seq ?? null };
};

const atOrAfter = ({ jsm }: Broker, subject: string, seq: number): Promise<StoredMsg | null> => {
  // The server takes both; the client's type knows of that for direct requests alone.
  const query: SeqMsgRequest & { next_by_subj: string } = { seq, next_by_subj: subject };
  return jsm.streams.getMessage(DEAD_LETTER_STREAM, query);
};
