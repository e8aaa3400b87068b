import type { Config, SystemConfig } from '@amends/runtime';
import { NO_BROKER, placeOf } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';

/** Where the parts of a running system are reached. */
export interface SystemUrls {
  readonly api: string;
  /** Temporal's Web UI; undefined when Temporal is somebody else's, and nobody said where its Web UI is. */
  readonly temporalUi?: string | undefined;
  /** The broker's, without credentials; `none` when there is none. */
  readonly broker?: string | undefined;
  /** Temporal's, in which the sagas run. */
  readonly namespace: string;
  /** Of the services that the system runs, by name: their own ports, not where sagas call them. */
  readonly services: Readonly<Record<string, string>>;
}

/** The URLs that a system of that configuration has. */
export const systemUrls = (config: SystemConfig): SystemUrls => ({
  api: placeOf(config.places, 'api').ownUrl ?? '',
  temporalUi: config.TEMPORAL_UI_URL,
  broker: brokerOf(config),
  namespace: namespaceOf(config),
  services: Object.fromEntries(
    config.places.flatMap(({ name, kind, ownUrl }) => (kind === 'service' && ownUrl !== null ? [[name, ownUrl]] : [])),
  ),
});

/** The URLs at which the configuration says that a system's parts are called, wherever it runs (containers, another machine). */
export const calledUrls = (config: SystemConfig): SystemUrls => ({
  ...systemUrls(config),
  api: placeOf(config.places, 'api').url,
  services: Object.fromEntries(
    config.places.flatMap(({ name, kind, url }) => (kind === 'service' ? [[name, url]] : [])),
  ),
});

const brokerOf = ({ NATS_URL: url }: Config): string => {
  if (url === undefined) return NO_BROKER;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};

/** Our own server knows `default` alone, whatever a variable or a profile file says. */
const namespaceOf = (config: Config): string =>
  config.TEMPORAL_ADDRESS === undefined ? 'default' : temporalConnection(config).namespace;
