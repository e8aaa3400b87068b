import type { CloudEvent } from 'cloudevents';
import type { Log } from '@amends/runtime/internal';
import type { Running } from '@amends/runtime/internal';
import { connectBroker } from './connect-broker.ts';
import { writeNatsEvent } from './nats-binding.ts';

/** How long the broker may take to say that it has an event. */
const PUBLISH_TIMEOUT_MS = 5_000;

export interface Publisher extends Running {
  /**
   * Resolves when the broker has the event on its disk; rejects within 6 s when it is not known to have it, and then the
   * same event may be published again: the broker drops a repeat within its duplicate window.
   */
  readonly publish: (event: CloudEvent<unknown>) => Promise<void>;
  /** Whether the broker is there now. */
  readonly connected: () => boolean;
}

/** Resolves at once: the connection, and the streams, are made in the background, for as long as that takes. */
export const connectPublisher = async (natsUrl: string, log: Log): Promise<Publisher> => {
  const broker = connectBroker(natsUrl, log);
  return {
    publish: async (event) => {
      const { subject, headers, payload, msgID } = writeNatsEvent(event);
      const { js } = await broker.use(PUBLISH_TIMEOUT_MS);
      await js.publish(subject, payload, { headers, msgID, timeout: PUBLISH_TIMEOUT_MS });
    },
    connected: broker.connected,
    close: broker.close,
  };
};
