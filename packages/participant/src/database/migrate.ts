import type { Pool } from 'pg';
import { MIGRATION_LOCK } from '../operations/locks.ts';
import { OPERATION_TABLES } from '../operations/operation-table.ts';

/** Makes the kit's tables where they are missing; two processes that start at once take turns. */
export const migrateParticipant = async (pool: Pool): Promise<void> => {
  // one simple query is one transaction
  await pool.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK}); ${OPERATION_TABLES}`);
};
