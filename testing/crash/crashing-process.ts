// One of the shop's services, as it is, but that whoever started it may have it struck in the middle of a request.
import system from '../../amends.config.ts';
import { runService, type BuildService } from '../../packages/participant/src/service/run-service.ts';
import { withOutbox } from '../../packages/participant/src/service/with-outbox.ts';
import { createApp as createInventory } from '../../services/inventory/app.ts';
import { createApp as createNotifications } from '../../services/notifications/app.ts';
import { wireOrders } from '../../services/orders/wiring.ts';
import { createApp as createPayments } from '../../services/payments/app.ts';
import { createCardProvider } from '../../services/payments/card-provider.ts';
import { createApp as createShipping } from '../../services/shipping/app.ts';
import type { ShopService } from '../shop.ts';
import { at } from './armed.ts';

/** A lease of 1 s, so that an open row is soon taken over. */
const SHORT_LEASE = { leaseMarginMs: -2_000 };

const BODIES: Readonly<Record<ShopService, BuildService>> = {
  orders: (parts, { routes }) => wireOrders(parts, { ...routes, durable: 'crash' }),
  inventory: (parts) => ({ app: createInventory(parts) }),
  payments: (parts, { urlOf }) => ({
    app: createPayments({ ...parts, ...SHORT_LEASE, provider: createCardProvider(urlOf('card-provider')) }),
  }),
  shipping: (parts, { routes }) => withOutbox(parts, routes, (wake) => createShipping({ ...parts, wake })),
  notifications: (parts) => ({ app: createNotifications(parts) }),
};

const name = process.argv[2] as ShopService;
await runService(name, (parts, around) => BODIES[name]({ ...parts, at }, around), { system });
process.send?.('ready');
