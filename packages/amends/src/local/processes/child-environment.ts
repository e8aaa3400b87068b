import { join } from 'node:path';
import type { Environment, SystemConfig } from '@amends/runtime';
import { inheritedEnvironment, NO_BROKER, VARIABLES, type Place } from '@amends/runtime/internal';
import { appFolder } from '../state/folders.ts';
import { inheritedOf } from './server-environment.ts';

/** Where no file is: the SDK takes that as no profile (an empty file it does not). */
const noProfileFile = (): string => join(appFolder(), 'node_modules', '.cache', 'amends', 'no-profile.toml');

/** Of the libraries that our processes use. */
const PREFIXES = ['NODE_', 'SSL_', 'OTEL_', 'PG', 'TEMPORAL_'] as const;

const isOurs =
  ({ system }: SystemConfig) =>
  (name: string): boolean =>
    VARIABLES.includes(name) ||
    (system.variables ?? []).includes(name) ||
    PREFIXES.some((prefix) => name.startsWith(prefix));

/**
 * What every process of the system finds in its environment: ours, with ports and addresses as this start uses them. Whose
 * database it is comes on top; the administrator's is not handed on.
 */
export const childEnvironment = (
  config: SystemConfig,
  { natsUrl, pushToken }: { natsUrl: string | undefined; pushToken: string },
): Environment => {
  const { DATABASE_URL: _, ...inherited } = inheritedOf(isOurs(config));
  const places = config.places.flatMap(({ variable, port, url }) => [
    [`${variable}_URL`, url],
    ...(port === null ? [] : [[`${variable}_PORT`, String(port)]]),
  ]);
  return {
    ...inherited,
    ...(config.TEMPORAL_ADDRESS === undefined && ownTemporal(config)),
    HOST: config.HOST,
    ...Object.fromEntries(places),
    NATS_URL: natsUrl ?? NO_BROKER,
    PUSH_TOKEN: pushToken,
  };
};

/** The server of this start, whatever a profile file or a variable says about another one. */
const ownTemporal = (config: SystemConfig): Environment => {
  const others = Object.keys(inheritedEnvironment()).filter((name) => name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others.map((name) => [name, undefined])),
    TEMPORAL_CONFIG_FILE: noProfileFile(),
    TEMPORAL_ADDRESS: `${config.HOST}:${config.TEMPORAL_PORT}`,
    TEMPORAL_NAMESPACE: 'default',
  };
};

/** The same for a service, which knows nothing of Temporal; `databaseUrl` is its own. */
export const serviceEnvironment = (env: Environment, databaseUrl: string | undefined): Environment => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
  DATABASE_URL: databaseUrl,
});

/**
 * The same for what runs besides, which stands for somebody else's service: it is told no credentials, and of ours only where it listens.
 *
 * @param folder where it keeps its data, for the variable that it names
 */
export const besideEnvironment = (
  env: Environment,
  { variable, folder, variables }: Place,
  own: string,
): Environment => ({
  ...inheritedOf((name) => name.startsWith('NODE_')),
  ...Object.fromEntries(['HOST', 'MAX_BODY_BYTES', 'LOG_LEVEL', `${variable}_PORT`].map((name) => [name, env[name]])),
  ...inheritedOf((name) => variables.includes(name)),
  ...(folder !== null && { [folder]: inheritedEnvironment()[folder] ?? own }),
});
