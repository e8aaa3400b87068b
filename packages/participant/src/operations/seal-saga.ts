import { page, problem, type Answer } from './answer.ts';
import type { Passing } from '../crash-points.ts';
import { pointsOf, type Kit } from '../kit.ts';
import { listed, listStatements, WRONG_CURSOR, type ListRequest } from './list-operations.ts';
import { sagaLock } from './locks.ts';
import { PURGE_LIMIT_DAYS } from '@amends/contracts/protocol';
import { refuseByAge, sagaStartedOrEpoch, type SagaStarted } from './saga-started.ts';
import { isLockTimeout } from '../database/sql-error.ts';
import { Again, commit, inTransaction, rollBack, type End, type Transaction } from '../database/transaction.ts';

export interface SealRequest extends ListRequest {
  readonly started: SagaStarted;
}

/**
 * Seals a saga (P10): the seal is committed first, so that every new action is refused; then the actions in flight are waited
 * for, up to 500 ms, and the list is complete from there on. `in-flight` means: sealed, ask again for the list.
 */
export const sealSaga = async (kit: Kit, request: SealRequest): Promise<Answer> => {
  const { pool, turns } = kit;
  const { saga, cursor } = request;
  const at = pointsOf(kit, saga);
  const statements = listStatements(request);
  if (statements === undefined) return problem('bad-request', { detail: WRONG_CURSOR });
  // a saga's id is no operation's key: it has no slash
  return turns.take(saga, `seal ${cursor ?? ''}`, async (waitMs) => {
    const seal = await inTransaction(pool, waitMs, (transaction) => recordSeal(transaction, request, at), at);
    if (seal.refused !== undefined) return seal.refused;
    return inTransaction<Answer>(pool, waitMs, async ({ send }) => {
      try {
        const [, operations, state] = await send(
          { text: `select pg_advisory_xact_lock(${sagaLock('$1')})`, values: [saga] },
          ...statements,
        );
        await at?.('listed');
        // it was purged meanwhile: an empty list would say that there is nothing to undo
        if (seal.expired && state?.rows[0]?.known !== true) return rollBack(problem('expired'));
        return rollBack(page(listed(saga, operations, state), seal.known));
      } catch (error) {
        if (isLockTimeout(error)) return rollBack(problem('in-flight'));
        throw error;
      }
    });
  });
};

interface Seal {
  readonly refused?: Answer | undefined;
  /** It had been sealed before. */
  readonly known: boolean;
  readonly expired: boolean;
}

const recordSeal = async ({ send }: Transaction, request: SealRequest, at: Passing | undefined): Promise<End<Seal>> => {
  const from = sagaStartedOrEpoch(request.started);
  try {
    const [inserted, state] = await send(
      { text: INSERT_SEAL, values: [request.saga, from] },
      { text: READ_AGE, values: [request.saga, PURGE_LIMIT_DAYS] },
    );
    await at?.('claimed');
    const [found] = state?.rows ?? [];
    // the seal that was in the way has been purged since
    if (found === undefined) throw new Again('the seal vanished');
    const { expired, known } = found as { expired: boolean; known: boolean };
    if (inserted?.rowCount !== 1) return rollBack({ known: true, expired });
    const refused = refuseByAge(request.started, expired && !known);
    return refused === undefined ? commit({ known: false, expired }) : rollBack({ refused, known: false, expired });
  } catch (error) {
    if (isLockTimeout(error)) return rollBack({ refused: problem('in-flight'), known: false, expired: false });
    throw error;
  }
};

const INSERT_SEAL = `
insert into saga_seals (saga, saga_started_at) values ($1, to_timestamp($2::float8 / 1000)) on conflict (saga) do nothing`;

const READ_AGE = `select saga_started_at < clock_timestamp() - make_interval(days => $2) as expired,
  exists (select from saga_operations o where o.saga = s.saga) as known from saga_seals s where saga = $1`;
