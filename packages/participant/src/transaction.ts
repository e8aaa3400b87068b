import { setTimeout as sleep } from 'node:timers/promises';
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Tx } from './contract.ts';
import type { Passing } from './crash-points.ts';
import { isConflict } from './sql-error.ts';

/** Everything one request does in the database, retries included; below the 5 s that a caller waits. */
const TRANSACTION_LIMIT_MS = 4_000;
/** Above PostgreSQL's deadlock_timeout (1 s), so that a deadlock is found and retried, not taken for a busy row. */
const HANDLER_LOCK_MS = 2_000;
const STATEMENT_LIMIT_MS = 2_500;
/** A frozen process keeps its rows no longer than this. */
const IDLE_LIMIT_MS = 1_500;
/** 40001 and 40P01 are retried this often, after up to this many milliseconds more each time. */
const MAX_TRIES = 8;
const RETRY_STEP_MS = 20;

export type Statement = { readonly text: string; readonly values?: unknown[] };

/** One transaction that is under way. */
export interface Transaction {
  /** Sends statements in one round trip and answers their results; the first call opens the transaction. */
  readonly send: (...statements: readonly Statement[]) => Promise<readonly QueryResult[]>;
  /** The same connection for handlers; what they nest in it becomes savepoints. */
  readonly tx: Tx;
}

/** How a transaction ends: rolled back, or committed, with last statements in the same round trip. */
export type End<T> =
  | { readonly commit: false; readonly value: T }
  | { readonly commit: true; readonly last: readonly Statement[]; readonly value: (row: unknown) => T };

export const rollBack = <T>(value: T): End<T> => ({ commit: false, value });
export const commit = <T>(value: T): End<T> => ({ commit: true, last: [], value: () => value });
/** `value` is told the row that `record` returns; it is asked when all is committed. `before`: what precedes the record. */
export const recordAndCommit = <T>(record: Statement, value: (row: unknown) => T, ...before: Statement[]): End<T> => ({
  commit: true,
  last: [...before, record],
  value,
});

/** From here on locks are waited for as long as a handler may. */
export const HANDLER_TIMES: Statement = { text: `set local lock_timeout = ${HANDLER_LOCK_MS}` };

/** Throw it to run the transaction again. */
export class Again extends Error {
  override readonly name = 'Again';
}

/**
 * Runs a bounded READ COMMITTED transaction; again when it met a conflict (40001, 40P01), with new locks and snapshots.
 * `lockWaitMs` is how long its first statements wait for somebody else's transaction; `at` is told of the points around COMMIT.
 *
 * @throws whatever `work` throws, after a rollback; Error when it takes over 4 s or when COMMIT did not commit
 */
export const inTransaction = async <T>(
  pool: Pool,
  lockWaitMs: number,
  work: (transaction: Transaction) => Promise<End<T>>,
  at?: Passing,
): Promise<T> => {
  const until = performance.now() + TRANSACTION_LIMIT_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(pool, lockWaitMs, until, work, at);
    } catch (error) {
      const pause = Math.random() * RETRY_STEP_MS * tries;
      const again = error instanceof Again || isConflict(error);
      if (!again || tries === MAX_TRIES || performance.now() + pause > until) throw error;
      await sleep(pause);
    }
  }
};

const runOnce = async <T>(
  pool: Pool,
  lockWaitMs: number,
  until: number,
  work: (transaction: Transaction) => Promise<End<T>>,
  at: Passing | undefined,
): Promise<T> => {
  const client = await pool.connect();
  client.on('error', ignore);
  const release = (error?: Error): void => {
    client.removeListener('error', ignore);
    client.release(error);
  };
  let begun = false;
  const send = (...statements: readonly Statement[]): Promise<readonly QueryResult[]> => {
    const all = begun ? statements : [begin(lockWaitMs), ...statements];
    const skip = begun ? 0 : 1;
    begun = true;
    return pipeline(client, all).then((results) => results.slice(skip));
  };
  const rolledBack = (): Promise<void> => client.query('rollback').then(() => release(), release);
  try {
    const end = await within(until, work({ send, tx: transactionOn(client) }));
    if (!end.commit) {
      // nobody waits for it: there is nothing to lose
      void rolledBack();
      return end.value;
    }
    const row = await commitOn(client, end.last, at);
    release();
    return end.value(row);
  } catch (error) {
    if (error instanceof Overdue) release(error);
    else await rolledBack();
    throw error;
  }
};

/** Without a listener a connection that breaks between two statements ends the process; the next statement tells of it. */
const ignore = (): void => {};

const begin = (lockWaitMs: number): Statement => ({
  text: `begin isolation level read committed;
set local lock_timeout = ${Math.max(1, Math.ceil(lockWaitMs))};
set local statement_timeout = ${STATEMENT_LIMIT_MS};
set local idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`,
});

const commitOn = async (client: PoolClient, last: readonly Statement[], at: Passing | undefined): Promise<unknown> => {
  // a handler that ended the transaction by itself has broken the promise already; do not hide it
  if (client.getTransactionStatus() === 'I') throw new Error('the transaction was ended by somebody else');
  await at?.('recording');
  const [results] = await Promise.all([pipeline(client, [...last, { text: 'commit' }]), at?.('committing')]);
  const { command } = results.at(-1) ?? {};
  if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}`);
  await at?.('committed');
  return results.at(-2)?.rows[0];
};

/** All at once in one round trip (the pool pipelines); what fails first is what is thrown. */
const pipeline = async (client: PoolClient, statements: readonly Statement[]): Promise<QueryResult[]> => {
  const results = await Promise.allSettled(statements.map((statement) => client.query(statement)));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
};

const dialect = new PgDialect();

/** A transaction, not a database: `tx.transaction` in a handler must make a savepoint, never COMMIT. */
const transactionOn = (client: PoolClient): Tx =>
  new NodePgTransaction(dialect, new NodePgSession(client, dialect, undefined), undefined);

export class Overdue extends Error {
  override readonly name = 'Overdue';
}

const within = async <T>(until: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Overdue('the transaction took too long')), until - performance.now());
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
};
