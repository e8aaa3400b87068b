import type { Config } from '../platform/config.ts';

/** Where the parts of a running system are reached. */
export interface SystemUrls {
  readonly api: string;
  readonly temporalUi: string;
  readonly orders: string;
  readonly inventory: string;
  readonly payments: string;
  readonly shipping: string;
  readonly notifications: string;
}

/** The URLs a system of that configuration has; the services' are their own ports, not where sagas call them (`ORDERS_URL`). */
export const systemUrls = (config: Config): SystemUrls => {
  const at = (port: number): string => `http://${config.HOST}:${port}`;
  return {
    api: at(config.API_PORT),
    temporalUi: config.TEMPORAL_UI_URL,
    orders: at(config.ORDERS_PORT),
    inventory: at(config.INVENTORY_PORT),
    payments: at(config.PAYMENTS_PORT),
    shipping: at(config.SHIPPING_PORT),
    notifications: at(config.NOTIFICATIONS_PORT),
  };
};
