import { randomUUID } from 'node:crypto';
import type { Log, Running } from '@amends/runtime/internal';
import type { CloudEvent } from '../edge/cloud-event.ts';
import { connectBroker, type BrokerConnection } from './connect-broker.ts';
import { writeNatsEvent } from './nats-binding.ts';
import { publishOwn } from './publish-own.ts';

/** How long the broker may be away before an event is said to be not published. */
const BROKER_WAIT_MS = 5_000;

export interface Publisher extends Running {
  /**
   * Resolves when the broker has the event on its disk; rejects within 10 s when it is not known to have it, and then the
   * same event may be published again: the broker drops a repeat of `messageId` within its duplicate window.
   *
   * @returns in which stream it is, or in one that is newer: by its epoch
   */
  readonly publish: (event: CloudEvent, messageId?: string) => Promise<string>;
  /** Whether the broker is there now. */
  readonly connected: () => boolean;
  readonly connection: BrokerConnection;
}

/** Resolves at once: the connection, and the streams, are made in the background, for as long as that takes. */
export const connectPublisher = async (natsUrl: string, log: Log): Promise<Publisher> => {
  const broker = connectBroker(natsUrl, log);
  return {
    publish: async (event, messageId = randomUUID()) => {
      const { subject, headers, payload } = writeNatsEvent(event);
      const there = await broker.use(BROKER_WAIT_MS);
      try {
        await publishOwn(there, { subject, headers, payload, msgID: messageId });
        return there.epoch;
      } catch (error) {
        // the stream may have been deleted
        void broker.look();
        throw error;
      }
    },
    connection: broker,
    connected: broker.connected,
    close: broker.close,
  };
};
