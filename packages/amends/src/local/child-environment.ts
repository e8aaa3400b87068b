import { join } from 'node:path';
import type { Environment, SystemConfig } from '@amends/runtime';
import { inheritedEnvironment, NO_BROKER } from '@amends/runtime/internal';
import { appFolder } from './folders.ts';

/** Where no file is: the SDK takes that as no profile (an empty file it does not). */
const noProfileFile = (): string => join(appFolder(), 'node_modules', '.cache', 'amends', 'no-profile.toml');

/**
 * What every process of the system finds in its environment: ours, with ports and addresses as this start uses them. Whose
 * database it is comes on top; the administrator's is not handed on.
 */
export const childEnvironment = (config: SystemConfig, { natsUrl }: { natsUrl: string | undefined }): Environment => {
  const { DATABASE_URL: _, ...inherited } = inheritedEnvironment();
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
