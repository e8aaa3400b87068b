import type { Pool } from 'pg';
import { serve } from '../packages/runtime/src/http/serve.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createPool } from '../packages/participant/src/postgres.ts';
import { migrateOutbox } from '../packages/events/src/outbox/index.ts';
import { migrateParticipant } from '../packages/participant/src/index.ts';
import { createApp as createInventory } from '../services/inventory/app.ts';
import { migrateService } from '../packages/participant/src/service/migrate.ts';
import { createApp as createNotifications } from '../services/notifications/app.ts';
import { createApp as createOrders } from '../services/orders/app.ts';
import { createApp as createPayments } from '../services/payments/app.ts';
import { createCardProvider } from '../services/payments/card-provider.ts';
import { createApp as createShipping } from '../services/shipping/app.ts';
import { startCardProvider, type RunningProvider } from './card-provider.ts';
import { freshDatabase } from '../packages/testing/src/servers/database.ts';
import { startFaultProxy, type FaultProxy } from '../packages/testing/src/faults/fault-proxy.ts';

const MAX_BODY_BYTES = 4_000_000;
const POOL_SIZE = 4;

type Parts = Parameters<typeof createInventory>[0];

const BUILDERS = {
  orders: (parts: Parts) => createOrders({ ...parts, wake: () => {} }),
  inventory: createInventory,
  payments: (parts: Parts, provider: RunningProvider) =>
    createPayments({ ...parts, provider: createCardProvider(provider.url) }),
  shipping: (parts: Parts) => createShipping({ ...parts, wake: () => {} }),
  notifications: createNotifications,
};

export type ShopService = keyof typeof BUILDERS;
export const SHOP_SERVICES = Object.keys(BUILDERS) as ShopService[];

/** The shop's five services on databases of their own, each behind a fault proxy, and the card provider; over real HTTP, in this process. */
export interface Shop {
  readonly proxies: Readonly<Record<ShopService, FaultProxy>>;
  /** Each service's own database, for who checks what is truly there. */
  readonly pools: Readonly<Record<ShopService, Pool>>;
  readonly provider: RunningProvider;
  /** The services themselves, past the proxies. */
  readonly urls: Readonly<Record<ShopService, string>>;
  /** Past the proxy: what a person would ask. */
  readonly get: (service: ShopService, path: string) => Promise<unknown>;
  readonly putStock: (sku: string, available: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const startShop = async (): Promise<Shop> => {
  const provider = await startCardProvider();
  const started: Awaited<ReturnType<typeof startService>>[] = [];
  // one after the other: five databases made at once by each of several test files are more than a busy machine bears
  for (const name of SHOP_SERVICES) started.push(await startService(name, provider));
  const of = Object.fromEntries(started.map((one) => [one.name, one])) as Record<ShopService, (typeof started)[number]>;
  return {
    proxies: Object.fromEntries(started.map(({ name, proxy }) => [name, proxy])) as Shop['proxies'],
    pools: Object.fromEntries(started.map(({ name, pool }) => [name, pool])) as Shop['pools'],
    provider,
    urls: Object.fromEntries(started.map(({ name, url }) => [name, url])) as Shop['urls'],
    get: async (service, path) => (await fetch(of[service].url + path)).json(),
    putStock: async (sku, available) => {
      await fetch(`${of.inventory.url}/stock/${sku}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ available }),
      });
    },
    close: async () => {
      await Promise.all(started.map((one) => one.close()));
      await provider.close();
    },
  };
};

const startService = async (name: ShopService, provider: RunningProvider) => {
  const log = createLog(name, 'error');
  const database = await freshDatabase();
  const pool = createPool(database.url, log, POOL_SIZE);
  await migrateService(pool, name);
  await migrateParticipant(pool);
  if (name === 'orders' || name === 'shipping') await migrateOutbox(pool);
  const app = BUILDERS[name]({ pool, log, maxBodyBytes: MAX_BODY_BYTES }, provider);
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const proxy = await startFaultProxy(url);
  return {
    name,
    url,
    proxy,
    pool,
    close: async () => {
      await proxy.close();
      await server.close();
      await pool.end();
      await database.drop();
    },
  };
};
