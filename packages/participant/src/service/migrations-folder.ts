import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where a service's SQL migrations lie: `services/<service>/migrations` in this module's folder or the nearest one above it,
 * else in the working directory or above. So it is found from the sources, from a bundle in `dist/` or `node_modules/.cache/`,
 * and in a container that keeps `services/` in its working directory.
 */
export const migrationsFolder = (service: string): string => {
  const starts = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  for (const folder of starts.flatMap(upwards)) {
    const migrations = join(folder, 'services', service, 'migrations');
    if (existsSync(join(migrations, 'meta', '_journal.json'))) return migrations;
  }
  throw new Error(`there is no services/${service}/migrations at or above ${starts.join(' or ')}`);
};

const upwards = (folder: string): string[] => {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
};
