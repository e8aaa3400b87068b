import type { Pool } from 'pg';
import { MIGRATION_LOCK } from './locks.ts';

/** Keys are spread over this many buckets; a bucket belongs to one relay at a time. Fixed: rows remember theirs. */
export const BUCKETS = 16;

/**
 * Makes the outbox's table in the service's own database. May be run at every start, and by two processes at once.
 *
 * `data` is text, not jsonb, which would reorder members.
 */
export const migrateOutbox = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1, 0)', [MIGRATION_LOCK]);
    await client.query(`
      create table if not exists outbox (
        id bigint generated always as identity primary key,
        bucket smallint not null,
        key text not null,
        event_id text not null,
        type text not null,
        source text not null,
        data text not null,
        time timestamptz not null default clock_timestamp()
      )`);
    await client.query('commit');
    broken = false;
  } finally {
    client.release(broken);
  }
};
