import { JetStreamApiError } from '@nats-io/jetstream';
import type { Broker } from './broker.ts';

/** Where consumers note which events they have put off: one message an event and durable, the newest count. */
export const DELIVERIES_STREAM = 'AMENDS_DELIVERIES';
export const DELIVERIES_SUBJECTS = 'deliveries.>';

const NO_MESSAGE_FOUND = 10_037;
const PUBLISH_TIMEOUT_MS = 5_000;

const subjectOf = (durable: string, sequence: number): string => `deliveries.${durable}.${sequence}`;

/**
 * How often that consumer has put off that event on purpose. The broker counts deliveries, but not how they ended; what is
 * neither put off nor acknowledged took its process down, or lost the broker.
 */
export const readPutOffs = async ({ jsm }: Broker, durable: string, sequence: number): Promise<number> => {
  try {
    const stored = await jsm.streams.getMessage(DELIVERIES_STREAM, { last_by_subj: subjectOf(durable, sequence) });
    return stored ? Number(stored.string()) : 0;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NO_MESSAGE_FOUND) return 0;
    throw error;
  }
};

/** To be written before the event is put off. */
export const writePutOffs = async (
  { js }: Broker,
  durable: string,
  { sequence, count }: { sequence: number; count: number },
): Promise<void> => {
  await js.publish(subjectOf(durable, sequence), String(count), { timeout: PUBLISH_TIMEOUT_MS });
};
