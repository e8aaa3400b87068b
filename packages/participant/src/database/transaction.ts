import { setTimeout as sleep } from 'node:timers/promises';
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Tx } from '../contract.ts';
import type { Passing } from '../crash-points.ts';
import { openGate, type Gate } from '../operations/gate.ts';
import { cannotWrite, isConflict } from './sql-error.ts';
import { takeConnection } from './take-connection.ts';

/** Everything one request does with its connection, retries included; below the 5 s that a caller waits. */
const TRANSACTION_LIMIT_MS = 4_000;
/** Above PostgreSQL's deadlock_timeout (1 s), so that a deadlock is found and retried, not taken for a busy row. */
const HANDLER_LOCK_MS = 2_000;
const STATEMENT_LIMIT_MS = 2_500;
/** A frozen process keeps its rows no longer than this. */
const IDLE_LIMIT_MS = 1_500;
/** A connection on which even this is not answered is no use to anybody. */
const ROLLBACK_LIMIT_MS = 2_000;
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
 * Runs a bounded READ COMMITTED transaction; again when it met a conflict (40001, 40P01), with new locks and snapshots. Its time
 * counts from the moment it has its connection.
 * `lockWaitMs` is how long its first statements wait for somebody else's transaction; `at` is told of the points around COMMIT.
 *
 * A connection goes back into its pool, unless the server still owes it an answer when the time is over, or it cannot write.
 *
 * @throws whatever `work` throws, after a rollback; NoConnection; Overdue when it takes over 4 s; Error when COMMIT did not commit
 */
export const inTransaction = async <T>(
  pool: Pool,
  lockWaitMs: number,
  work: (transaction: Transaction) => Promise<End<T>>,
  at?: Passing,
): Promise<T> => {
  const { client, giveBack } = await takeConnection(pool);
  const rollBackAndGiveBack = async (): Promise<void> => giveBack(await rolledBack(client));
  const until = performance.now() + TRANSACTION_LIMIT_MS;
  for (let tries = 1; ; tries++) {
    const gate = openGate(client);
    try {
      const { committed, value } = await within(until, runOnce(gate, lockWaitMs, work, at));
      gate.close();
      if (committed) giveBack();
      // nobody waits for it: there is nothing to lose
      else void rollBackAndGiveBack();
      return value;
    } catch (error) {
      gate.close();
      if (cannotWrite(error) || (error instanceof Overdue && gate.isBusy())) {
        giveBack(error as Error);
        throw error;
      }
      const pause = Math.random() * RETRY_STEP_MS * tries;
      const again = error instanceof Again || isConflict(error);
      if (!again || tries === MAX_TRIES || performance.now() + pause > until) {
        await rollBackAndGiveBack();
        throw error;
      }
      const broken = await rolledBack(client);
      if (broken !== undefined) {
        giveBack(broken);
        throw error;
      }
      await sleep(pause);
    }
  }
};

const runOnce = async <T>(
  { client }: Gate,
  lockWaitMs: number,
  work: (transaction: Transaction) => Promise<End<T>>,
  at: Passing | undefined,
): Promise<{ readonly committed: boolean; readonly value: T }> => {
  let begun = false;
  const send = (...statements: readonly Statement[]): Promise<readonly QueryResult[]> => {
    const all = begun ? statements : [begin(lockWaitMs), ...statements];
    const skip = begun ? 0 : 1;
    begun = true;
    return pipeline(client, all).then((results) => results.slice(skip));
  };
  const end = await work({ send, tx: transactionOn(client) });
  if (!end.commit) return { committed: false, value: end.value };
  const row = await commitOn(client, end.last, at);
  return { committed: true, value: end.value(row) };
};

/** undefined, or what is wrong with the connection. */
const rolledBack = (client: PoolClient): Promise<Error | undefined> =>
  within(performance.now() + ROLLBACK_LIMIT_MS, client.query('rollback')).then(
    () => undefined,
    (error: Error) => error,
  );

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
