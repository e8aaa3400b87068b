import { runService } from '../service-process.ts';
import { wireOrders } from './wiring.ts';

const DURABLE = 'orders-status';

await runService('orders', (parts, { NATS_URL: natsUrl }) => wireOrders(parts, { natsUrl, durable: DURABLE }));
