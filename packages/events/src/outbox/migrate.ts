import type { Pool, PoolClient } from 'pg';
import { MIGRATION_LOCK } from './locks.ts';

/** Keys are spread over this many buckets; a bucket belongs to one relay at a time. Fixed: rows remember theirs. */
export const BUCKETS = 16;

/**
 * Makes the outbox's tables in the service's own database. May be run at every start, and by two processes at once.
 *
 * `data` is text, not jsonb, which would reorder members. `delivered`: the targets that have the event while others have not. `meant_for`: the
 * one target that it is for; null: whoever takes its type. `message_id`: by which the broker knows a repeat; nobody else can guess it.
 * `outbox_dead` has what a target has finally refused, one row for each. `outbox_sent` keeps for 7 days what a target has in a store that
 * somebody may take away.
 */
export const migrateOutbox = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin isolation level read committed');
    await client.query('select pg_advisory_xact_lock($1, 0)', [MIGRATION_LOCK]);
    await client.query(TABLES);
    if (!(await has(client, 'delivered'))) await client.query(TARGETS);
    if (!(await has(client, 'message_id'))) await client.query(MESSAGE_ID);
    await client.query('commit');
    broken = false;
  } finally {
    client.release(broken);
  }
};

const TABLES = `
  create table if not exists outbox (
    id bigint generated always as identity primary key,
    bucket smallint not null,
    key text not null,
    event_id text not null,
    type text not null,
    source text not null,
    data text not null,
    time timestamptz not null default clock_timestamp()
  );
  create table if not exists outbox_dead (
    id bigint generated always as identity primary key,
    target text not null,
    reason text not null,
    died_at timestamptz not null default clock_timestamp(),
    key text not null,
    event_id text not null,
    type text not null,
    source text not null,
    data text not null,
    time timestamptz not null
  );
  create table if not exists outbox_sent (
    id bigint primary key,
    bucket smallint not null,
    key text not null,
    event_id text not null,
    type text not null,
    source text not null,
    data text not null,
    time timestamptz not null,
    message_id uuid not null,
    store text not null,
    sent_at timestamptz not null default clock_timestamp()
  );
  create index if not exists outbox_sent_at on outbox_sent (sent_at)`;

/** Asked first, since altering a table, even to no effect, waits for every relay at work on it, and everybody waits behind that. */
const has = async (client: PoolClient, column: string): Promise<boolean> => {
  const { rowCount } = await client.query(
    `select 1 from information_schema.columns
     where table_schema = current_schema() and table_name = 'outbox' and column_name = $1`,
    [column],
  );
  return rowCount === 1;
};

const TARGETS = `alter table outbox add column delivered text[] not null default '{}', add column meant_for text`;

const MESSAGE_ID = `alter table outbox add column message_id uuid not null default gen_random_uuid()`;
