import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '@amends/runtime/internal';

const CONFIG_FILE = 'amends.config.ts';

/** The application's folder: where `amends.config.ts` is, from the working directory upward; without one the working directory. */
export const appFolder = (from = process.cwd()): string => {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIG_FILE))) return folder;
    if (dirname(folder) === folder) return resolve(from);
  }
};

/** How much of the application folder's hash names its state folder. */
const HASH_CHARACTERS = 12;

const isRoot = (): boolean => process.getuid?.() === 0;

/** Where what was fetched lies, outside every application: `AMENDS_CACHE_DIR`, else the system's or the user's cache. */
export const cacheDir = (config: Pick<Config, 'AMENDS_CACHE_DIR' | 'XDG_CACHE_HOME'>): string => {
  if (config.AMENDS_CACHE_DIR !== undefined) return resolve(config.AMENDS_CACHE_DIR);
  if (isRoot()) return SYSTEM_CACHE;
  return join(config.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'amends');
};

/** Root's cache; any user may enter it. */
export const SYSTEM_CACHE = '/var/cache/amends';

/** Where the data of this application's system lies, outside its folder: `AMENDS_STATE_DIR`, else a folder for each application. */
export const stateDir = (config: Pick<Config, 'AMENDS_STATE_DIR' | 'XDG_STATE_HOME'>): string => {
  if (config.AMENDS_STATE_DIR !== undefined) return resolve(config.AMENDS_STATE_DIR);
  const application = createHash('sha256').update(appFolder()).digest('hex').slice(0, HASH_CHARACTERS);
  if (isRoot()) return join('/var/lib/amends', application);
  return join(config.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'amends', application);
};
