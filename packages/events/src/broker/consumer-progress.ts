import {
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
} from '@nats-io/jetstream';
import { z } from 'zod';
import { EVENTS_STREAM, eventSubject } from '@amends/contracts/internal';
import type { Broker } from './broker.ts';
import { recall, remember } from './told.ts';

/** All up to `floor` has been taken of that stream of events. */
const Progress = z.object({ epoch: z.string(), floor: z.int() });

const keyOf = (durable: string): string => `progress.${durable}`;

/** What a consumer must be like. */
export type Wanted = Pick<ConsumerConfig, 'ack_policy' | 'ack_wait' | 'max_deliver' | 'max_ack_pending'> & {
  readonly filter_subjects: string[];
};

/** Whether it is given all that it should be; one that is given more may be of a newer version, which runs beside this one. */
const isGivenAll = ({ filter_subject, filter_subjects = [] }: ConsumerConfig, wanted: Wanted): boolean => {
  const given = [
    ...filter_subjects,
    ...(filter_subject === undefined || filter_subject === '' ? [] : [filter_subject]),
  ];
  return (
    given.length === 0 ||
    given.includes(eventSubject('>')) ||
    wanted.filter_subjects.every((one) => given.includes(one))
  );
};

/** Whether somebody has paused the consumer, or changed it so that it is given less than it should be. */
const isHeldBack = ({ paused, config }: ConsumerInfo, wanted: Wanted): boolean =>
  paused === true || config.max_deliver !== wanted.max_deliver || !isGivenAll(config, wanted);

/**
 * Makes the consumer, or has the one that is there be as wanted. One that was deleted goes on where it was when that was last noted; in a
 * stream that was made anew it begins at the beginning. One that was not given all that it should have passed over the rest for good: it is
 * made anew as if it had been deleted.
 *
 * @param isFirst whether this process binds it for the first time: later what is more than wanted is a newer version's, and stays
 */
export const bindConsumer = async (
  broker: Broker,
  durable: string,
  { wanted, isFirst }: { readonly wanted: Wanted; readonly isFirst: boolean },
): Promise<void> => {
  const { jsm } = broker;
  try {
    const { paused, config } = await jsm.consumers.info(EVENTS_STREAM, durable);
    if (isGivenAll(config, wanted)) {
      if (paused === true) await jsm.consumers.resume(EVENTS_STREAM, durable);
      const { filter_subjects: _, ...others } = wanted;
      await jsm.consumers.update(EVENTS_STREAM, durable, isFirst ? wanted : others);
      return;
    }
    await jsm.consumers.delete(EVENTS_STREAM, durable);
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
 * @returns what is noted now; null, and nothing is noted, where somebody holds the consumer back: it is to be bound again
 */
export const noteProgress = async (
  broker: Broker,
  durable: string,
  { wanted, last }: { readonly wanted: Wanted; readonly last: number },
): Promise<number | null> => {
  const info = await broker.jsm.consumers.info(EVENTS_STREAM, durable);
  if (isHeldBack(info, wanted)) return null;
  const floor = info.ack_floor.stream_seq;
  if (floor !== 0 && floor !== last) {
    await remember(broker, keyOf(durable), JSON.stringify({ epoch: broker.epoch, floor }));
  }
  return floor;
};
