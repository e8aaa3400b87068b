import { sql } from 'drizzle-orm';
import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';

/** A service's database, or a transaction in it. */
export type Database = PgDatabase<NodePgQueryResultHKT>;

/** A row that somebody else holds is waited for this long, then the request answers 503 `busy`. */
const LOCK_WAIT_MS = 2_000;
const STATEMENT_LIMIT_MS = 5_000;
/** A frozen process must not keep its rows for ever. */
const IDLE_LIMIT_MS = 5_000;

const bounds = sql`select set_config('lock_timeout', ${String(LOCK_WAIT_MS)}, true),
  set_config('statement_timeout', ${String(STATEMENT_LIMIT_MS)}, true),
  set_config('idle_in_transaction_session_timeout', ${String(IDLE_LIMIT_MS)}, true)`;

/** Runs one bounded READ COMMITTED transaction; what throws rolls it back. Sagas' actions run in the kit's own instead. */
export const inTransaction = <T>(pool: Pool, work: (tx: Database) => Promise<T>): Promise<T> =>
  drizzle(pool).transaction(
    async (tx) => {
      await tx.execute(bounds);
      return work(tx);
    },
    { isolationLevel: 'read committed' },
  );
