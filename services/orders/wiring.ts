import { consume } from '../../events/consumer.ts';
import { migrateOutbox, startRelay } from '../../events/outbox/index.ts';
import { connectPublisher } from '../../events/publisher.ts';
import type { ServiceParts } from '../service-app.ts';
import type { ServiceBody } from '../service-process.ts';
import { createApp } from './app.ts';
import { endOrder, ORDER_ENDS } from './end-order.ts';
import { endReturn, isReturnEnd, RETURN_ENDS } from './end-return.ts';

/**
 * The orders service: its app, the relay that publishes what it enqueues, and its read side, which takes the ends of sagas.
 * A broker that is away is waited for; orders are taken meanwhile.
 *
 * @param durable the name under which the broker remembers which ends this service has taken
 */
export const wireOrders = async (
  parts: ServiceParts,
  { natsUrl, durable }: { readonly natsUrl: string; readonly durable: string },
): Promise<ServiceBody> => {
  const { pool, log } = parts;
  await migrateOutbox(pool);
  const publisher = await connectPublisher(natsUrl, log);
  const relay = startRelay({ pool, publish: publisher.publish, log });
  const ends = await consume({
    natsUrl,
    durable,
    types: [...ORDER_ENDS, ...RETURN_ENDS],
    handle: async (event) => {
      await (isReturnEnd(event) ? endReturn(pool, log, event) : endOrder(pool, log, event));
      return 'taken';
    },
    log,
  });
  const publishing = {
    close: async () => {
      await relay.close();
      await publisher.close();
    },
  };
  return { app: createApp({ ...parts, wake: relay.wake }), besides: [ends, publishing] };
};
