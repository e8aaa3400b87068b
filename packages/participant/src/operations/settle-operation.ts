import { problem, recorded, type Answer } from './answer.ts';
import { claimForGood } from './claim.ts';
import { pointsOf, type Kit } from '../kit.ts';
import { answerOf, isOpen, operationOf } from './operation.ts';
import type { OperationKey } from '@amends/contracts/protocol';
import type { OperationRow } from './operation-table.ts';
import { refuseByAge, type SagaStarted } from './saga-started.ts';
import { commit, inTransaction, rollBack } from '../database/transaction.ts';
import { untilDecided, type Asked, type Ends } from './until-decided.ts';

/**
 * Fixes an action for good (P4, P6): answers the operation with its stored answer, or blocks the key for ever and says so. What is
 * open at a provider is brought to its end first (P12).
 */
export const settleOperation = (
  kit: Kit,
  { key, started }: { readonly key: OperationKey; readonly started: SagaStarted },
): Promise<Answer> => {
  const { pool, turns } = kit;
  const at = pointsOf(kit, key.key);
  return turns.take(key.key, 'settle', (waitMs) =>
    untilDecided(kit, at, ENDS, () =>
      inTransaction<Asked>(
        pool,
        waitMs,
        async (transaction) => {
          const claim = await claimForGood(transaction, key, started);
          await at?.('claimed');
          if (claim.is === 'in-flight') return rollBack(problem('in-flight'));
          if (claim.is === 'claimed') {
            const tooOld = refuseByAge(started, claim.expired);
            return tooOld === undefined ? commit(settled(claim.row, false)) : rollBack(tooOld);
          }
          const { row } = claim;
          return rollBack(isOpen(row) ? { open: row } : settled(row, true));
        },
        at,
      ),
    ),
  );
};

const ENDS: Ends = { row: (row) => settled(row, false), unknown: () => problem('outcome-unknown') };

const settled = (row: OperationRow, replayed: boolean): Answer => {
  const answered = row.state === 'done' || row.state === 'refused';
  const { status, body } = answered ? answerOf(row) : { status: 0, body: 'null' };
  const answer = answered ? { status, body: JSON.parse(body) as unknown } : null;
  return recorded({ status: 200, body: JSON.stringify(operationOf(row, answer)) }, replayed);
};
