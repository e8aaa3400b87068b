import { join } from 'node:path';
import { inheritedEnvironment, NO_BROKER, type Config } from '@amends/runtime/internal';
import { CHECKOUT } from './folders.ts';

/** Where no file is: the SDK takes that as no profile (an empty file it does not). */
const NO_PROFILE_FILE = join(CHECKOUT, 'node_modules', '.cache', 'amends', 'no-profile.toml');

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What every process of the system finds in its environment: ours, with ports and addresses as this start uses them. Whose
 * database it is comes on top; the administrator's is not handed on.
 */
export const childEnvironment = (config: Config, { natsUrl }: { natsUrl: string | undefined }): Environment => {
  const { DATABASE_URL: _, ...inherited } = inheritedEnvironment();
  const ports = [
    'API_PORT',
    'ORDERS_PORT',
    'INVENTORY_PORT',
    'PAYMENTS_PORT',
    'SHIPPING_PORT',
    'NOTIFICATIONS_PORT',
    'PROVIDER_PORT',
  ] as const;
  const urls = [
    'API_URL',
    'ORDERS_URL',
    'INVENTORY_URL',
    'PAYMENTS_URL',
    'SHIPPING_URL',
    'NOTIFICATIONS_URL',
    'PROVIDER_URL',
  ] as const;
  return {
    ...inherited,
    ...(config.TEMPORAL_ADDRESS === undefined && ownTemporal(config)),
    HOST: config.HOST,
    ...Object.fromEntries([...ports, ...urls].map((name) => [name, String(config[name])])),
    NATS_URL: natsUrl ?? NO_BROKER,
  };
};

/** The server of this start, whatever a profile file or a variable says about another one. */
const ownTemporal = (config: Config): Environment => {
  const others = Object.keys(inheritedEnvironment()).filter((name) => name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    TEMPORAL_CONFIG_FILE: NO_PROFILE_FILE,
    TEMPORAL_ADDRESS: `${config.HOST}:${config.TEMPORAL_PORT}`,
    TEMPORAL_NAMESPACE: 'default',
  };
};
