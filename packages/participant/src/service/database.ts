import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';
import { cannotWrite } from '../database/sql-error.ts';

/** A service's database, or a transaction in it. */
export type Database = PgDatabase<NodePgQueryResultHKT>;

/** A row that somebody else holds is waited for this long, then the request answers 503 `busy`. */
const LOCK_WAIT_MS = 2_000;
const STATEMENT_LIMIT_MS = 5_000;
/** A frozen process must not keep its rows for ever. */
const IDLE_LIMIT_MS = 5_000;

const BEGIN = `begin isolation level read committed;
  set local lock_timeout = ${LOCK_WAIT_MS};
  set local statement_timeout = ${STATEMENT_LIMIT_MS};
  set local idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`;

/**
 * Runs one bounded READ COMMITTED transaction; what throws rolls it back. Sagas' actions run in the kit's own instead.
 *
 * Not drizzle's `transaction`: it never gives a connection back that breaks at `begin`, and so empties the pool.
 */
export const inTransaction = async <T>(pool: Pool, work: (tx: Database) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query(BEGIN);
    const value = await work(drizzle(client));
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error(`the transaction ended in ${command}`);
    broken = false;
    return value;
  } catch (error) {
    broken =
      cannotWrite(error) ||
      (await client.query('rollback').then(
        () => false,
        () => true,
      ));
    throw error;
  } finally {
    client.release(broken);
  }
};
