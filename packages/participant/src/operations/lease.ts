import { randomUUID } from 'node:crypto';
import type { AnyExternal } from '../contract.ts';
import type { Kit } from '../kit.ts';
import type { OperationRow } from './operation-table.ts';
import type { Statement } from '../database/transaction.ts';

/** How long a provider has, when the handler does not say. */
export const CALL_LIMIT_MS = 3_000;
/** For storing what the provider said, after the call; a lease that lapses before is taken over, and costs one more call. */
export const LEASE_MARGIN_MS = 2_000;

type Leasing = Pick<Kit, 'leaseMarginMs'>;

const leaseMs = ({ leaseMarginMs }: Leasing, { limitMs = CALL_LIMIT_MS }: AnyExternal): number =>
  limitMs + leaseMarginMs;

/** PostgreSQL's clock alone says when a lease ends. */
const LEASED = `token = $2, lease_until = clock_timestamp() + make_interval(secs => $3::float8 / 1000)`;

/** Opens an action's row for whoever has the token that it returns in the row. */
export const openAction = (leasing: Leasing, effect: AnyExternal, key: string, request: unknown): Statement => ({
  text: `update saga_operations set state = 'pending', ${LEASED}, request = $4 where key = $1 returning *`,
  values: [key, randomUUID(), leaseMs(leasing, effect), textOf(request)],
});

/** The same of its undo. */
export const openUndo = (leasing: Leasing, effect: AnyExternal, key: string, request: unknown): Statement => ({
  text: `update saga_operations set state = 'undoing', ${LEASED}, undo_request = $4, undo_round = undo_round + 1
    where key = $1 returning *`,
  values: [key, randomUUID(), leaseMs(leasing, effect), textOf(request)],
});

/** Takes an open row over whose lease has lapsed; undefined when somebody else was faster. */
export const takeOver = async (kit: Kit, effect: AnyExternal, key: string): Promise<OperationRow | undefined> => {
  const { rows } = await kit.pool.query<OperationRow>(
    `update saga_operations set ${LEASED}
     where key = $1 and state in ('pending', 'undoing') and lease_until <= clock_timestamp() returning *`,
    [key, randomUUID(), leaseMs(kit, effect)],
  );
  return rows[0];
};

/** Lets go of an open row, so that the next who asks can take it over at once. When that fails too, the lease lapses. */
export const giveUp = async ({ pool, log }: Kit, { key, token }: OperationRow): Promise<void> => {
  try {
    await pool.query(
      'update saga_operations set token = null, lease_until = clock_timestamp() where key = $1 and token = $2',
      [key, token],
    );
  } catch (error) {
    log.warn({ err: error, key }, 'a lease could not be given up: it lapses by itself');
  }
};

/** Locks an open row for its holder; no row when it has been taken over. */
export const lockHeld = ({ key, token }: OperationRow): Statement => ({
  text: 'select from saga_operations where key = $1 and token = $2 for update',
  values: [key, token],
});

const textOf = (request: unknown): string => JSON.stringify(request) ?? 'null';
