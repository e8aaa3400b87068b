import { NO_BROKER, type Config } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';

/** Where the parts of a running system are reached. */
export interface SystemUrls {
  readonly api: string;
  /** Temporal's Web UI; undefined when Temporal is somebody else's, and nobody said where its Web UI is. */
  readonly temporalUi?: string | undefined;
  /** The broker's, without credentials; `none` when there is none, absent when an earlier version wrote it down. */
  readonly broker?: string | undefined;
  /** Temporal's, in which the sagas run. */
  readonly namespace: string;
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
    broker: brokerOf(config),
    namespace: namespaceOf(config),
    orders: at(config.ORDERS_PORT),
    inventory: at(config.INVENTORY_PORT),
    payments: at(config.PAYMENTS_PORT),
    shipping: at(config.SHIPPING_PORT),
    notifications: at(config.NOTIFICATIONS_PORT),
  };
};

const brokerOf = ({ NATS_URL: url }: Config): string => {
  if (url === undefined) return NO_BROKER;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};

/** Our own server knows `default` alone, whatever a variable or a profile file says. */
export const namespaceOf = (config: Config): string =>
  config.TEMPORAL_ADDRESS === undefined ? 'default' : temporalConnection(config).namespace;
