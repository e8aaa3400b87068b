import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@amends/runtime/internal';

/** The checkout's root. */
export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** How much of the checkout's hash names its state folder. */
const HASH_CHARACTERS = 12;

const isRoot = (): boolean => process.getuid?.() === 0;

/** Where what was fetched lies, outside every checkout: `AMENDS_CACHE_DIR`, else the system's or the user's cache. */
export const cacheDir = (config: Pick<Config, 'AMENDS_CACHE_DIR' | 'XDG_CACHE_HOME'>): string => {
  if (config.AMENDS_CACHE_DIR !== undefined) return resolve(config.AMENDS_CACHE_DIR);
  if (isRoot()) return SYSTEM_CACHE;
  return join(config.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'amends');
};

/** Root's cache; any user may enter it. */
export const SYSTEM_CACHE = '/var/cache/amends';

/** Where the data of this checkout's system lies, outside the checkout: `AMENDS_STATE_DIR`, else a folder a checkout. */
export const stateDir = (config: Pick<Config, 'AMENDS_STATE_DIR' | 'XDG_STATE_HOME'>): string => {
  if (config.AMENDS_STATE_DIR !== undefined) return resolve(config.AMENDS_STATE_DIR);
  const checkout = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, HASH_CHARACTERS);
  if (isRoot()) return join('/var/lib/amends', checkout);
  return join(config.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'amends', checkout);
};
