import { eventRoutes } from '@amends/events/internal';
import { runService } from '@amends/participant/service';
import { wireOrders } from './wiring.ts';

const DURABLE = 'orders-status';

await runService('orders', (parts, config) => wireOrders(parts, { ...eventRoutes(config), durable: DURABLE }));
