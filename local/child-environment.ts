import { join } from 'node:path';
import { inheritedEnvironment, NO_BROKER, VARIABLES, type Config } from '../platform/config.ts';
import { CHECKOUT } from './folders.ts';
import { inheritedOf } from './server-environment.ts';

/** Where no file is: the SDK takes that as no profile (an empty file it does not). */
const NO_PROFILE_FILE = join(CHECKOUT, 'node_modules', '.cache', 'amends', 'no-profile.toml');

type Environment = Readonly<Record<string, string | undefined>>;

/** Of the libraries that our processes use. */
const PREFIXES = ['NODE_', 'SSL_', 'OTEL_', 'PG', 'TEMPORAL_'] as const;

const isOurs = (name: string): boolean =>
  VARIABLES.includes(name) || PREFIXES.some((prefix) => name.startsWith(prefix));

/**
 * What every process of the system finds in its environment: ours, with ports and addresses as this start uses them. Whose
 * database it is comes on top; the administrator's is not handed on.
 */
export const childEnvironment = (
  config: Config,
  { natsUrl, pushToken }: { natsUrl: string | undefined; pushToken: string },
): Environment => {
  const { DATABASE_URL: _, ...inherited } = inheritedOf(isOurs);
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
    PUSH_TOKEN: pushToken,
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

/** The same for a service, which knows nothing of Temporal; `databaseUrl` is its own. */
export const serviceEnvironment = (env: Environment, databaseUrl: string): Environment => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
  DATABASE_URL: databaseUrl,
});

const OF_THE_PROVIDER: readonly string[] = ['HOST', 'PROVIDER_PORT', 'PROVIDER_LOSSY', 'MAX_BODY_BYTES', 'LOG_LEVEL'];

/** The same for the card provider, which stands for somebody else's service and is told no credentials. */
export const providerEnvironment = (env: Environment, folder: string): Environment => ({
  ...inheritedOf((name) => name.startsWith('NODE_')),
  ...Object.fromEntries(OF_THE_PROVIDER.map((name) => [name, env[name]])),
  PROVIDER_DIR: folder,
});
