import { eventRoutes } from '../../events/outlet.ts';
import { runService } from '../service-process.ts';
import { wireOrders } from './wiring.ts';

const DURABLE = 'orders-status';

await runService('orders', (parts, config) => wireOrders(parts, { ...eventRoutes(config), durable: DURABLE }));
