import { migrateOutbox, startRelay } from '../../events/outbox/index.ts';
import { consume } from '../../events/consumer.ts';
import { connectPublisher } from '../../events/publisher.ts';
import { ConfigError } from '../../platform/config-error.ts';
import { runService } from '../service-process.ts';
import { createApp } from './app.ts';
import { endOrder, ORDER_ENDS } from './end-order.ts';

/** The name under which the broker remembers which ends of sagas this service has seen. */
const DURABLE = 'orders-status';

await runService('orders', async ({ pool, log, ...parts }, { NATS_URL: natsUrl }) => {
  if (natsUrl === undefined) throw new ConfigError('NATS_URL must name the broker that orders are published to.');
  await migrateOutbox(pool);
  const publisher = await connectPublisher(natsUrl, log);
  const relay = startRelay({ pool, publish: publisher.publish, log });
  const ends = await consume({
    natsUrl,
    durable: DURABLE,
    types: ORDER_ENDS,
    handle: async (event) => {
      await endOrder(pool, log, event);
      return 'taken';
    },
    log,
  });
  return { app: createApp({ pool, log, ...parts, wake: relay.wake }), besides: [ends, relay, publisher] };
});
