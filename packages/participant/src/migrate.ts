import type { Pool } from 'pg';
import { OPERATION_TABLES } from './operation-table.ts';

/** Any number that nobody else in a service's database locks. */
const MIGRATION_LOCK = '7302001';

/** Makes the kit's tables where they are missing; two processes that start at once take turns. */
export const migrateParticipant = async (pool: Pool): Promise<void> => {
  // one simple query is one transaction
  await pool.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK}); ${OPERATION_TABLES}`);
};
