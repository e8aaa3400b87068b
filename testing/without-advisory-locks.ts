import { Client } from 'pg';

/**
 * Makes a database whose advisory locks are had by whoever asks: functions of the same names come before PostgreSQL's own. For tests
 * that show what the locks are there for; it counts for connections that are made afterwards.
 */
export const withoutAdvisoryLocks = async (databaseUrl: string): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`
      create function public.pg_try_advisory_xact_lock_shared(bigint) returns boolean language sql as 'select true';
      create function public.pg_advisory_xact_lock(bigint) returns void language sql as '';
      do $$ begin execute format('alter database %I set search_path = public, pg_catalog', current_database()); end $$`);
  } finally {
    await client.end();
  }
};
