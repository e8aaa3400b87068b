import { jetstream } from '@nats-io/jetstream';
import { headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import type { Message } from './wire.ts';

const TIMEOUT_MS = 5_000;

/** Publishes straight to the broker, as any client would; counts what it has not acknowledged yet. */
export interface RawPublisher {
  /** Answers the place that the broker has given it in the stream. `msgID`: by which the broker knows a repeat. */
  readonly publish: (message: Message, msgID: string) => Promise<number>;
  readonly unacknowledged: () => number;
}

export const createRawPublisher = (nc: NatsConnection): RawPublisher => {
  const js = jetstream(nc);
  let open = 0;
  return {
    publish: async ({ type, headers, payload }, msgID) => {
      const written = natsHeaders();
      for (const [name, value] of Object.entries(headers)) written.set(name, value);
      open += 1;
      try {
        const { seq } = await js.publish(`events.${type}`, payload, { headers: written, msgID, timeout: TIMEOUT_MS });
        return seq;
      } finally {
        open -= 1;
      }
    },
    unacknowledged: () => open,
  };
};
