import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Where a service's SQL migrations lie: `services/<service>/migrations` in the folder of the process's main file or the nearest one above it,
 * else in the working directory or above. So it is found from the sources, from a bundle in `dist/` or `node_modules/.cache/`,
 * and in a container that keeps `services/` in its working directory. Of a service with a repository of its own: `migrations` there.
 */
export const migrationsFolder = (service: string): string => {
  const starts = [dirname(resolve(process.argv[1] ?? '')), process.cwd()];
  const ofService = starts.flatMap(upwards).map((folder) => join(folder, 'services', service, 'migrations'));
  const found = [...ofService, join(process.cwd(), 'migrations')].find(isMigrations);
  if (found !== undefined) return found;
  throw new Error(
    `there is no services/${service}/migrations at or above ${starts.join(' or ')}, and no migrations in the latter`,
  );
};

/** As drizzle-kit makes one. */
const isMigrations = (folder: string): boolean => existsSync(join(folder, 'meta', '_journal.json'));

const upwards = (folder: string): string[] => {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
};
