import { randomUUID } from 'node:crypto';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { z } from 'zod';
import type { Broker } from './broker.ts';
import { type OwnMessage, publishOwn } from './publish-own.ts';

/** A key-value bucket, as NATS' own tools read and write it: a stream with one message a key, which is forgotten after 7 days. */
const BUCKET = 'AMENDS_TOLD';
export const TOLD_STREAM = `KV_${BUCKET}`;
export const TOLD_SUBJECTS = `$KV.${BUCKET}.>`;

const PUBLISH_TIMEOUT_MS = 5_000;

/** `msgID`: under which it is told, however often that is tried; `seq`: where it is, once it has been told. */
const Entry = z.object({ msgID: z.string(), seq: z.int().nullable() });
type Entry = z.infer<typeof Entry>;

/**
 * Tells something once within 7 days, whoever tries, and however often: what has been told is not told again, also when the consumer or
 * the stream that it came by was made anew. The broker remembers it.
 *
 * @param key what is told: letters, digits, `-` and `_`, in parts with dots between them
 * Of several who tell it at once, each with its own headers or form, one is believed: they share an id that nobody else can guess.
 *
 * @param message what is published, and what its `msgID` begins with
 * @returns the sequence, and whether it was told now
 */
export const tellOnce = async (
  broker: Broker,
  key: string,
  { prefix = '', ...message }: Omit<OwnMessage, 'msgID'> & { readonly prefix?: string },
): Promise<{ readonly seq: number; readonly told: boolean }> => {
  const { msgID, seq } = await entryOf(broker, key);
  if (seq !== null) return { seq, told: false };
  const told = await publishOwn(
    broker,
    { ...message, msgID: `${prefix}${msgID}` },
    ({ subject }) => subject === message.subject,
  );
  await write(broker, key, JSON.stringify({ msgID, seq: told } satisfies Entry));
  return { seq: told, told: true };
};

/** The entry of that key, made first where there is none: of many who make it at once, one does. */
const entryOf = async (broker: Broker, key: string): Promise<Entry> => {
  const known = await read(broker, key);
  if (known) return known;
  const entry: Entry = { msgID: randomUUID(), seq: null };
  try {
    await write(broker, key, JSON.stringify(entry), { lastSubjectSequence: 0 });
    return entry;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return entryOf(broker, key);
  }
};

/** Whether that key has been noted, by whatever value; undefined when not. */
export const recall = async ({ jsm }: Broker, key: string): Promise<string | undefined> => {
  try {
    return (await jsm.streams.getMessage(TOLD_STREAM, { last_by_subj: subjectOf(key) }))?.string();
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return undefined;
    throw error;
  }
};

export const remember = (broker: Broker, key: string, value: string): Promise<void> => write(broker, key, value);

const read = async (broker: Broker, key: string): Promise<Entry | undefined> => {
  const value = await recall(broker, key);
  return value === undefined ? undefined : Entry.parse(JSON.parse(value));
};

const write = async (
  { js }: Broker,
  key: string,
  value: string,
  expect: { readonly lastSubjectSequence?: number } = {},
): Promise<void> => {
  await js.publish(subjectOf(key), value, { expect, timeout: PUBLISH_TIMEOUT_MS });
};

const subjectOf = (key: string): string => `$KV.${BUCKET}.${key}`;

const isTaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
