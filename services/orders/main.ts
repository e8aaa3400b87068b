import { runService } from '@amends/participant/service';
import system from '../../amends.config.ts';
import { wireOrders } from './wiring.ts';

const DURABLE = 'orders-status';

await runService('orders', (parts, { routes }) => wireOrders(parts, { ...routes, durable: DURABLE }), { system });
