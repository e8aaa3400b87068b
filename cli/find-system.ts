import { findRunning, namespaceOf, type SystemUrls } from '../local/index.ts';
import type { Config } from '../platform/config.ts';
import { createShopClient, type ShopClient } from './shop-client.ts';

export interface FoundSystem {
  readonly urls: SystemUrls;
  readonly client: ShopClient;
  /** The parts that do not answer, each with its URL and why; empty when the system runs. */
  readonly missing: readonly string[];
}

/** This checkout's own system, whatever its ports, or else one where the configuration says (containers, another machine). */
export const findSystem = async (config: Config): Promise<FoundSystem> => {
  const urls = (await findRunning(config)) ?? configuredUrls(config);
  const client = createShopClient(urls);
  return { urls, client, missing: await client.notReady() };
};

const configuredUrls = (config: Config): SystemUrls => ({
  api: `http://${config.HOST}:${config.API_PORT}`,
  temporalUi: config.TEMPORAL_UI_URL,
  namespace: namespaceOf(config),
  orders: config.ORDERS_URL,
  inventory: config.INVENTORY_URL,
  payments: config.PAYMENTS_URL,
  shipping: config.SHIPPING_URL,
  notifications: config.NOTIFICATIONS_URL,
});
