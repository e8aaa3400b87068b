import { problem, problemText, recorded, type Answer } from './answer.ts';
import { claimForGood } from './claim.ts';
import type { Passing } from '../crash-points.ts';
import { isExternal } from '../provider/external.ts';
import { pointsOf, type Kit } from '../kit.ts';
import { openUndo } from './lease.ts';
import { doneOf, isOpen, operationOf } from './operation.ts';
import type { OperationRow } from './operation-table.ts';
import { REFUSED_STATUS, type OperationKey } from '@amends/contracts/protocol';
import { refuse, Refusal } from '../refusal.ts';
import { refuseByAge, type SagaStarted } from './saga-started.ts';
import {
  commit,
  inTransaction,
  recordAndCommit,
  rollBack,
  type End,
  type Transaction,
} from '../database/transaction.ts';
import { untilDecided, type Asked, type Ends } from './until-decided.ts';

/** `correction` is the request's JSON body, undefined when there was none. It does not count for repeats. */
export interface UndoRequest {
  readonly key: OperationKey;
  readonly started: SagaStarted;
  readonly correction: unknown;
}

/**
 * Undoes what a key has done, or blocks it when it has done nothing yet (P3, P4, P5, P9). An undo that is refused or fails
 * leaves everything as it was. What is open at a provider is brought to its end first, and undone then (P12).
 *
 * @throws whatever the handler's undo throws but a refusal
 */
export const undoOperation = (kit: Kit, request: UndoRequest): Promise<Answer> => {
  const { pool, turns } = kit;
  const { key, started, correction } = request;
  const at = pointsOf(kit, key.key);
  return turns.take(key.key, 'undo', (waitMs) =>
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
            return tooOld === undefined ? commit(told(claim.row, false)) : rollBack(tooOld);
          }
          const { row } = claim;
          if (row.state === 'done') return undo(transaction, kit, row, correction, at);
          return rollBack(isOpen(row) ? { open: row } : told(row, true));
        },
        at,
      ),
    ),
  );
};

/** What comes of an open row. An action that turns out to be done is undone next. */
const ENDS: Ends = {
  row: (row, refusal) => {
    if (row.state !== 'done') return told(row, false);
    return refusal && undoRefused(refusal.code, refusal.message);
  },
  unknown: () => undoRefused('outcome-unknown', 'Nobody knows whether it happened at the provider: look there'),
};

const undo = async (
  transaction: Transaction,
  kit: Kit,
  row: OperationRow,
  correction: unknown,
  at: Passing | undefined,
): Promise<End<Asked>> => {
  const effect = kit.handlers[row.action ?? '']?.undo;
  if (effect === undefined) return rollBack(undoRefused('no-undo', `${row.action} has no undo`));
  const done = doneOf(row, correction);
  try {
    if (isExternal(effect)) {
      const request = await effect.prepare(transaction.tx, done, { saga: row.saga, refuse });
      await at?.('handled');
      return recordAndCommit(openUndo(kit, effect, row.key, request), (open) => ({ held: open as OperationRow }));
    }
    await effect(transaction.tx, done, { refuse });
    await at?.('handled');
  } catch (error) {
    if (error instanceof Refusal) return rollBack(undoRefused(error.code, error.message));
    throw error;
  }
  return recordAndCommit(
    {
      text: `update saga_operations set state = 'undone', ended_at = clock_timestamp() where key = $1 returning *`,
      values: [row.key],
    },
    (undone) => told(undone as OperationRow, false),
  );
};

const told = (row: OperationRow, replayed: boolean): Answer =>
  recorded({ status: 200, body: JSON.stringify(operationOf(row)) }, replayed);

const undoRefused = (code: string, detail: string): Answer => {
  const kind = { status: REFUSED_STATUS, title: 'It cannot be undone' };
  const body = problemText(`undo-refused:${code}`, kind, { detail });
  return { ...recorded({ status: REFUSED_STATUS, body }, false), final: false };
};
