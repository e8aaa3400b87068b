import { type ConsumerConfig, DeliverPolicy, JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { z } from 'zod';
import { EVENTS_STREAM } from '@amends/contracts/internal';
import type { Broker } from './broker.ts';
import { recall, remember } from './told.ts';

/** All up to `floor` has been taken of that stream of events. */
const Progress = z.object({ epoch: z.string(), floor: z.int() });

const keyOf = (durable: string): string => `progress.${durable}`;

/**
 * Makes the consumer, or has the one that is there be as wanted. One that was deleted goes on where it was when that was last noted; in a
 * stream that was made anew it begins at the beginning.
 */
export const bindConsumer = async (broker: Broker, durable: string, wanted: Partial<ConsumerConfig>): Promise<void> => {
  const { jsm } = broker;
  try {
    await jsm.consumers.update(EVENTS_STREAM, durable, wanted);
    return;
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.ConsumerNotFound) throw error;
  }
  const { created } = await jsm.streams.info(EVENTS_STREAM);
  const noted = await recall(broker, keyOf(durable));
  const progress = noted === undefined ? undefined : Progress.parse(JSON.parse(noted));
  const start =
    progress?.epoch === created
      ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: progress.floor + 1 }
      : { deliver_policy: DeliverPolicy.All };
  await jsm.consumers.add(EVENTS_STREAM, { durable_name: durable, ...wanted, ...start });
};

/**
 * Notes how far the consumer is, where that is not what was noted last. What the broker knows of it is of this stream or of a newer one,
 * never of one before.
 *
 * @returns what is noted now
 */
export const noteProgress = async (broker: Broker, durable: string, last: number): Promise<number> => {
  const { ack_floor: acknowledged } = await broker.jsm.consumers.info(EVENTS_STREAM, durable);
  const floor = acknowledged.stream_seq;
  if (floor !== 0 && floor !== last) {
    await remember(broker, keyOf(durable), JSON.stringify({ epoch: broker.epoch, floor }));
  }
  return floor;
};
