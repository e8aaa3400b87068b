import { ConfigError } from '../../platform/config-error.ts';
import { runService } from '../service-process.ts';
import { wireOrders } from './wiring.ts';

const DURABLE = 'orders-status';

await runService('orders', async (parts, { NATS_URL: natsUrl }) => {
  if (natsUrl === undefined) throw new ConfigError('NATS_URL must name the broker that orders are published to.');
  return wireOrders(parts, { natsUrl, durable: DURABLE });
});
