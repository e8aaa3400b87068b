import { problem, recorded, type Answer } from './answer.ts';
import { claimForGood } from './claim.ts';
import { pointsOf, type Kit } from './kit.ts';
import { answerOf, isOpen, operationOf } from './operation.ts';
import type { OperationKey } from './operation-key.ts';
import type { OperationRow } from './operation-table.ts';
import { refuseByAge, type SagaStarted } from './saga-started.ts';
import { commit, inTransaction, rollBack } from './transaction.ts';

/** Fixes an action for good (P4, P6): answers the operation with its stored answer, or blocks the key for ever and says so. */
export const settleOperation = (
  kit: Kit,
  { key, started }: { readonly key: OperationKey; readonly started: SagaStarted },
): Promise<Answer> => {
  const { pool, turns } = kit;
  const at = pointsOf(kit, key.key);
  return turns.take(key.key, 'settle', (waitMs) =>
    inTransaction<Answer>(
      pool,
      waitMs,
      async (transaction) => {
        const claim = await claimForGood(transaction, key, started);
        await at?.('claimed');
        if (claim.is === 'in-flight') return rollBack(problem('in-flight'));
        const { row } = claim;
        if (claim.is === 'claimed') {
          const tooOld = refuseByAge(started, claim.expired);
          return tooOld === undefined ? commit(settled(row, false)) : rollBack(tooOld);
        }
        return rollBack(isOpen(row) ? problem('in-flight') : settled(row, true));
      },
      at,
    ),
  );
};

const settled = (row: OperationRow, replayed: boolean): Answer => {
  const answered = row.state === 'done' || row.state === 'refused';
  const { status, body } = answered ? answerOf(row) : { status: 0, body: 'null' };
  const answer = answered ? { status, body: JSON.parse(body) as unknown } : null;
  return recorded({ status: 200, body: JSON.stringify(operationOf(row, answer)) }, replayed);
};
