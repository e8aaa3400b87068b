import { join } from 'node:path';
import { ConfigError, placeOf, readSystemConfig, type Environment, type SystemConfig } from '@amends/runtime';
import system from '../../amends.config.ts';
import type { Reach } from './app.ts';
import { readLossy, type Lossy } from './lossy.ts';

/** What the card provider is told by its environment: `PROVIDER_PORT`, `PROVIDER_DIR`, `PROVIDER_LOSSY`. */
export interface Settings extends SystemConfig {
  readonly port: number;
  readonly reach: Reach;
  /** The file in which it keeps what it has decided. */
  readonly journal: string;
  readonly lossy: Lossy | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3})$/i;

/** @throws ConfigError with a sentence for the person who set a variable wrongly */
export const readSettings = (env: Environment = process.env): Settings => {
  const config = readSystemConfig(system, env);
  const { port } = placeOf(config.places, 'card-provider');
  const { PROVIDER_DIR: folder, PROVIDER_LOSSY: lossy } = env;
  if (!folder) throw new ConfigError('PROVIDER_DIR must name the folder of the card provider.');
  if (port === null) throw new ConfigError('amends.config.ts has no port for the card provider.');
  return {
    ...config,
    port,
    reach: LOOPBACK.test(config.HOST) ? 'this-machine' : 'network',
    journal: join(folder, 'journal.jsonl'),
    lossy: lossy ? readLossy(lossy) : undefined,
  };
};
