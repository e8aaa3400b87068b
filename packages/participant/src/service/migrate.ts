import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Pool } from 'pg';
import { migrationsFolder } from './migrations-folder.ts';

/** SQL; named, so that it meets nobody else's in a service's database. */
const MIGRATION_LOCK = `hashtextextended('amends.service.migration', 0)`;
/** How long a second process waits for the first to finish migrating. */
const MIGRATION_WAIT = '60s';

/**
 * Brings a service's tables up to date; does nothing when they are. Two processes that start at once take turns.
 *
 * The SQL is drizzle-kit's: `npx drizzle-kit generate --dialect postgresql --schema services/<service>/schema.ts --out services/<service>/migrations`.
 */
export const migrateService = async (pool: Pool, service: string): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query(`set lock_timeout = '${MIGRATION_WAIT}'`);
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder(service) });
  } finally {
    // the lock ends with the session
    client.release(true);
  }
};
