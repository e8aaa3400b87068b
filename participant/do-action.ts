import { issuesOf } from '../platform/http/body.ts';
import { problem, problemText, recorded, type Answer } from './answer.ts';
import { claimForAction, ROLL_BACK_TO_CLAIM } from './claim.ts';
import type { ActionContract, AnyHandler } from './contract.ts';
import type { Passing } from './crash-points.ts';
import { pointsOf, type Kit } from './kit.ts';
import { answerOf, isOpen } from './operation.ts';
import type { OperationKey } from './operation-key.ts';
import type { OperationRow } from './operation-table.ts';
import { REFUSED_STATUS } from './problems.ts';
import { Refusal } from './refusal.ts';
import { refuseByAge, type SagaStarted } from './saga-started.ts';
import { inTransaction, recordAndCommit, rollBack, type End, type Statement, type Transaction } from './transaction.ts';

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
 * Does an action once a key (P1, P2, P4, P7, P8): two awaited round trips beyond the handler's own, one for a repeat. The
 * record and what the handler wrote are one transaction.
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
    inTransaction<Answer>(
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
        return run(transaction, contract, handler, key, parsed.data, at);
      },
      at,
    ),
  );
};

/** What a key that is known says to a `do`. */
const repeated = (row: OperationRow, print: string): Answer => {
  if (row.state === 'blocked') return problem('blocked');
  if (row.fingerprint !== print) return problem('key-mismatch');
  if (row.state === 'undone') return problem('undone');
  return isOpen(row) ? problem('in-flight') : recorded(answerOf(row), true);
};

const run = async (
  transaction: Transaction,
  contract: ActionContract,
  handler: AnyHandler,
  { key, saga }: OperationKey,
  input: unknown,
  at: Passing | undefined,
): Promise<End<Answer>> => {
  let memo: string | null = null;
  const keep = (value: unknown): void => {
    memo = JSON.stringify(value) ?? null;
  };
  try {
    const output = contract.output.parse(await handler.do(transaction.tx, input, keep, saga));
    await at?.('handled');
    const stored = { status: 200, body: JSON.stringify(output) ?? 'null' };
    return recordAndCommit(record(key, 'done', stored, memo), () => recorded(stored, false));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const refusal = contract.refusals[error.code];
    if (refusal === undefined) {
      throw new Error(`the contract knows no refusal '${error.code}'`, { cause: error });
    }
    await transaction.send(ROLL_BACK_TO_CLAIM);
    await at?.('refused');
    const kind = { status: REFUSED_STATUS, title: refusal.when };
    const stored = {
      status: REFUSED_STATUS,
      body: problemText(`refused:${error.code}`, kind, { detail: error.message }),
    };
    return recordAndCommit(record(key, 'refused', stored, null), () => recorded(stored, false));
  }
};

const record = (
  key: string,
  state: 'done' | 'refused',
  { status, body }: { status: number; body: string },
  memo: string | null,
): Statement => ({
  text: `update saga_operations set state = $2, status = $3, body = $4, memo = $5, ended_at = clock_timestamp() where key = $1`,
  values: [key, state, status, body, memo],
});
