import { issuesOf } from '@amends/runtime/internal';
import { problem, recorded, type Answer } from './answer.ts';
import { claimForAction, ROLL_BACK_TO_CLAIM, type KnownRow } from './claim.ts';
import type { ActionContract, AnyHandler } from '../contract.ts';
import type { Passing } from '../crash-points.ts';
import { isExternal } from '../provider/external.ts';
import { pointsOf, type Kit } from '../kit.ts';
import { openAction } from './lease.ts';
import { answerOf, isOpen } from './operation.ts';
import type { OperationKey } from '@amends/contracts/protocol';
import type { OperationRow } from './operation-table.ts';
import { refuse, Refusal } from '../refusal.ts';
import { refuseByAge, type SagaStarted } from './saga-started.ts';
import { doneAnswer, memoKeeper, recordAnswer, refusedAnswer } from './stored-answer.ts';
import { inTransaction, recordAndCommit, rollBack, type End, type Transaction } from '../database/transaction.ts';
import { untilDecided, type Asked, type Ends } from './until-decided.ts';

/** A `do`: the action's name and its input as it came, JSON of any form. */
export interface ActionRequest {
  readonly key: OperationKey;
  readonly started: SagaStarted;
  readonly action: string;
  readonly input: unknown;
  /** Equal for the same action and the same JSON value. */
  readonly fingerprint: string;
}

/**
 * Does an action once a key (P1, P2, P4, P7, P8): two awaited round trips beyond the handler's own, one for a repeat; so does
 * a refusal, which takes back what the handler wrote. The record and what the handler wrote are one transaction. An effect outside the database has two, before the call and after (P12).
 *
 * @throws whatever the handler throws but a refusal; then nothing has happened
 */
export const doAction = (
  kit: Kit,
  contract: ActionContract,
  handler: AnyHandler,
  request: ActionRequest,
): Promise<Answer> => {
  const { pool, turns } = kit;
  const { key, started } = request;
  const at = pointsOf(kit, key.key);
  // a wrong input is never stored, but its key may be known already, which comes first
  const parsed = contract.input.safeParse(request.input);
  const claimed = {
    action: request.action,
    fingerprint: request.fingerprint,
    input: JSON.stringify(parsed.success ? parsed.data : null),
  };
  return turns.take(key.key, `do ${claimed.fingerprint}`, (waitMs) =>
    untilDecided(kit, at, ENDS, () =>
      inTransaction<Asked>(
        pool,
        waitMs,
        async (transaction) => {
          const claim = await claimForAction(transaction, key, started, claimed);
          await at?.('claimed');
          if (claim.is === 'in-flight') return rollBack(problem('in-flight'));
          if (claim.is === 'known') return rollBack(repeated(claim.row, claimed.fingerprint));
          const tooOld = refuseByAge(started, claim.expired);
          if (tooOld !== undefined) return rollBack(tooOld);
          if (claim.sealed) return rollBack(problem('sealed'));
          if (!parsed.success) return rollBack(problem('invalid', { errors: issuesOf(parsed.error) }));
          return run(transaction, kit, { contract, effect: handler.do, key, input: parsed.data, at });
        },
        at,
      ),
    ),
  );
};

/** What a key that is known says to a `do`. */
const repeated = (row: KnownRow, print: string): Asked => {
  if (row.state === 'blocked') return problem('blocked');
  if (row.fingerprint !== print) return problem('key-mismatch');
  if (row.state === 'undone') return problem('undone');
  return isOpen(row) ? { open: row } : recorded(answerOf(row), true);
};

/** What comes of an open row. */
const ENDS: Ends = {
  row: (row) => (row.state === 'undone' ? problem('undone') : recorded(answerOf(row), false)),
  unknown: () => problem('outcome-unknown'),
};

interface Run {
  readonly contract: ActionContract;
  readonly effect: AnyHandler['do'];
  readonly key: OperationKey;
  readonly input: unknown;
  readonly at: Passing | undefined;
}

const run = async (
  transaction: Transaction,
  kit: Kit,
  { contract, effect, key: { key, saga }, input, at }: Run,
): Promise<End<Asked>> => {
  const { keep, kept } = memoKeeper();
  try {
    if (isExternal(effect)) {
      const request = await effect.prepare(transaction.tx, input, { saga, refuse });
      await at?.('handled');
      return recordAndCommit(openAction(kit, effect, key, request), (open) => ({ held: open as OperationRow }));
    }
    const stored = doneAnswer(contract, await effect(transaction.tx, input, { saga, keep, refuse }));
    await at?.('handled');
    return recordAndCommit(recordAnswer(key, stored, kept()), () => recorded(stored, false));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const stored = refusedAnswer(contract, error);
    await at?.('refused');
    return recordAndCommit(recordAnswer(key, stored, null), () => recorded(stored, false), ROLL_BACK_TO_CLAIM);
  }
};
