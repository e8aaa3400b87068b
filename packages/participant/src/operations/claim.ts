import { sagaLock } from './locks.ts';
import type { OperationRow } from './operation-table.ts';
import { PURGE_LIMIT_DAYS, type OperationKey } from '@amends/contracts/protocol';
import { sagaStartedOrEpoch, type SagaStarted } from './saga-started.ts';
import { isLockTimeout } from '../database/sql-error.ts';
import { Again, HANDLER_TIMES, type Statement, type Transaction } from '../database/transaction.ts';

/** What a key was found to be. `claimed`: it was absent, and this transaction now holds it. */
export type Claim =
  | { readonly is: 'claimed'; readonly row: OperationRow; readonly expired: boolean; readonly sealed: boolean }
  | { readonly is: 'known'; readonly row: KnownRow }
  | { readonly is: 'in-flight' };

/** `lapsed`: of an open row, that nobody has a lease on it (any more). */
export type KnownRow = OperationRow & { readonly lapsed: boolean };

type Found = KnownRow & { readonly expired: boolean; readonly sealed: boolean };

/** Before a handler wrote anything; a refusal goes back to it. */
const SAVEPOINT = 'before_action';
export const ROLL_BACK_TO_CLAIM: Statement = { text: `rollback to savepoint ${SAVEPOINT}` };

/**
 * Claims a key for an action before its effect, in one round trip: the insert waits for a concurrent claim, the read after it
 * is a statement of its own, whose snapshot sees what that one committed. The saga's lock is shared among its actions, and
 * exclusive for a seal that has been committed already: whoever cannot have it finds the seal.
 */
export const claimForAction = async (
  { send }: Transaction,
  { key, saga }: OperationKey,
  started: SagaStarted,
  { action, fingerprint, input }: { action: string; fingerprint: string; input: string },
): Promise<Claim> => {
  const from = sagaStartedOrEpoch(started);
  const statements: Statement[] = [
    { text: INSERT_PENDING, values: [key, saga, action, fingerprint, input, from] },
    { text: `select pg_try_advisory_xact_lock_shared(${sagaLock('$1')}) as shared`, values: [saga] },
    { text: READ_ACTION, values: [key, from, PURGE_LIMIT_DAYS] },
    { text: `savepoint ${SAVEPOINT}; ${HANDLER_TIMES.text}` },
  ];
  return orInFlight(async () => {
    const [inserted, lock, read] = await send(...statements);
    const found = foundIn(read?.rows);
    if (inserted?.rowCount !== 1) return { is: 'known', row: found };
    // a seal holds the lock but is not there: only a saga of the same hash can be, so try again later
    if (lock?.rows[0]?.shared !== true && !found.sealed) return { is: 'in-flight' };
    return { is: 'claimed', row: found, expired: found.expired, sealed: found.sealed };
  });
};

/**
 * Claims a key as blocked, or locks the row that is there: nobody can do, undo or settle it meanwhile. One round trip.
 */
export const claimForGood = ({ send }: Transaction, { key, saga }: OperationKey, started: SagaStarted) => {
  const from = sagaStartedOrEpoch(started);
  return orInFlight(async () => {
    const [inserted, read] = await send(
      { text: INSERT_BLOCKED, values: [key, saga, from] },
      { text: READ_FOR_UPDATE, values: [key, from, PURGE_LIMIT_DAYS] },
      HANDLER_TIMES,
    );
    const found = foundIn(read?.rows);
    if (inserted?.rowCount !== 1) return { is: 'known', row: found };
    return { is: 'claimed', row: found, expired: found.expired, sealed: found.sealed };
  });
};

const INSERT_PENDING = `
insert into saga_operations (key, saga, action, fingerprint, input, state, saga_started_at)
values ($1, $2, $3, $4, $5, 'pending', to_timestamp($6::float8 / 1000)) on conflict (key) do nothing`;

const INSERT_BLOCKED = `
insert into saga_operations (key, saga, state, saga_started_at, ended_at)
values ($1, $2, 'blocked', to_timestamp($3::float8 / 1000), clock_timestamp()) on conflict (key) do nothing`;

/** `clock_timestamp()`, not `now()`: the transaction may have waited for a purge. */
const FOUND = `o.*, to_timestamp($2::float8 / 1000) < clock_timestamp() - make_interval(days => $3) as expired,
  exists (select from saga_seals s where s.saga = o.saga) as sealed,
  coalesce(o.lease_until <= clock_timestamp(), true) as lapsed`;
const READ_ACTION = `select ${FOUND} from saga_operations o where o.key = $1`;
const READ_FOR_UPDATE = `${READ_ACTION} for update of o`;

const foundIn = (rows: readonly Found[] | undefined): Found => {
  const [found] = rows ?? [];
  // the row that was in the way has been purged since
  if (found === undefined) throw new Again('the row vanished');
  return found;
};

const orInFlight = async (claim: () => Promise<Claim>): Promise<Claim> => {
  try {
    return await claim();
  } catch (error) {
    if (isLockTimeout(error)) return { is: 'in-flight' };
    throw error;
  }
};
