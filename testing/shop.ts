import type { FaultProxy } from '../packages/testing/src/faults/fault-proxy.ts';
import { startServices, type Services } from '../packages/testing/src/services/start-services.ts';
import type { Pool } from 'pg';
import { shop } from '../contracts/app.ts';
import { migrateOutbox } from '../packages/events/src/outbox/index.ts';
import { createApp as createInventory } from '../services/inventory/app.ts';
import { createApp as createNotifications } from '../services/notifications/app.ts';
import { createApp as createOrders } from '../services/orders/app.ts';
import { createApp as createPayments } from '../services/payments/app.ts';
import { createCardProvider } from '../services/payments/card-provider.ts';
import { createApp as createShipping } from '../services/shipping/app.ts';
import { startCardProvider, type RunningProvider } from './card-provider.ts';

export type ShopService = keyof typeof shop.services;
export const SHOP_SERVICES = Object.keys(shop.services) as ShopService[];

/** The shop's five services on databases of their own, each behind a fault proxy, and the card provider; over real HTTP, in this process. */
export interface Shop extends Services {
  readonly proxies: Readonly<Record<ShopService, FaultProxy>>;
  /** Each service's own database, for who checks what is truly there. */
  readonly pools: Readonly<Record<ShopService, Pool>>;
  readonly provider: RunningProvider;
  /** The services themselves, past the proxies. */
  readonly urls: Readonly<Record<ShopService, string>>;
  /** Past the proxy: what a person would ask. */
  readonly get: (service: ShopService, path: string) => Promise<unknown>;
  readonly putStock: (sku: string, available: number) => Promise<void>;
  /** How much of each SKU has been put on the shelf for all its runs. */
  readonly shelved: Map<string, number>;
}

const wake = (): void => {};

export const startShop = async (): Promise<Shop> => {
  const provider = await startCardProvider();
  const services = (await startServices(shop, {
    orders: async (parts) => {
      await migrateOutbox(parts.pool);
      return { app: createOrders({ ...parts, wake }) };
    },
    inventory: (parts) => ({ app: createInventory(parts) }),
    payments: (parts) => ({ app: createPayments({ ...parts, provider: createCardProvider(provider.url) }) }),
    shipping: async (parts) => {
      await migrateOutbox(parts.pool);
      return { app: createShipping({ ...parts, wake }) };
    },
    notifications: (parts) => ({ app: createNotifications(parts) }),
  })) as Pick<Shop, keyof Services>;
  const { urls } = services;
  return {
    ...services,
    provider,
    shelved: new Map(),
    get: async (service, path) => (await fetch(urls[service] + path)).json(),
    putStock: async (sku, available) => {
      await fetch(`${urls.inventory}/stock/${sku}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ available }),
      });
    },
    close: async () => {
      await services.close();
      await provider.close();
    },
  };
};
