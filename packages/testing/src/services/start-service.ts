import { createPool, migrateParticipant } from '@amends/participant';
import type { ServiceBody, ServiceParts } from '@amends/participant/service';
import { migrateService } from '@amends/participant/internal';
import { createLog, serve } from '@amends/runtime';
import { freshDatabase } from '../servers/database.ts';

/** A service that runs in the test's own process, over real HTTP. */
export interface RunningService {
  readonly url: string;
  readonly pool: ServiceParts['pool'];
  readonly close: () => Promise<void>;
}

interface Limits {
  readonly poolSize?: number;
  readonly maxBodyBytes: number;
  readonly log: 'error' | 'silent';
}

/** Starts a service as `runService` does, but on a free port and a fresh database, which is dropped at its end. */
export const startService = async (
  name: string,
  build: (parts: ServiceParts) => ServiceBody | Promise<ServiceBody>,
  { poolSize, maxBodyBytes, log: level }: Limits,
): Promise<RunningService> => {
  const database = await freshDatabase();
  const log = createLog(name, level);
  const pool = createPool(database.url, log, poolSize);
  await migrateService(pool, name);
  await migrateParticipant(pool);
  const { app, besides = [] } = await build({ pool, log, maxBodyBytes });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    pool,
    close: async () => {
      await server.close();
      await Promise.all(besides.map((each) => each.close()));
      await pool.end();
      await database.drop();
    },
  };
};
