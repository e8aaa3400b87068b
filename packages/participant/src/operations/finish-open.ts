import { problem, type Answer } from './answer.ts';
import { askProvider, type Said } from '../provider/ask-provider.ts';
import type { ActionContract, AnyExternal } from '../contract.ts';
import type { Passing } from '../crash-points.ts';
import type { Kit } from '../kit.ts';
import { giveUp, lockHeld } from './lease.ts';
import { doneOf } from './operation.ts';
import type { OperationRow } from './operation-table.ts';
import { Refusal } from '../refusal.ts';
import { doneAnswer, memoKeeper, recordAnswer, refusedAnswer } from './stored-answer.ts';
import {
  HANDLER_TIMES,
  inTransaction,
  recordAndCommit,
  rollBack,
  type End,
  type Statement,
  type Transaction,
} from '../database/transaction.ts';

/** What came of an open row: its state is definite; or it stays open, to be asked for again; or for good. */
export type Finished =
  | { readonly is: 'definite'; readonly row: OperationRow; readonly refusal: Refusal | undefined }
  | { readonly is: 'later'; readonly answer: Answer }
  | { readonly is: 'unknown' };

/** Who asks for the row meanwhile holds it for a moment only. */
const ROW_WAIT_MS = 2_000;

/**
 * Calls the provider for a row that this request holds, outside of any transaction, and stores what it says, if the row is still its
 * own. A call that fails leaves the row open and without a lease, so that the next who asks repeats it at once.
 *
 * @throws whatever the handler's `record` throws; then too the row stays open
 */
export const finishOpen = async (
  kit: Kit,
  effect: AnyExternal,
  held: OperationRow,
  at: Passing | undefined,
): Promise<Finished> => {
  const work = workOf(held);
  await at?.('calling');
  const said = await askProvider(effect, work);
  if (said.is === 'failed') {
    kit.log.warn({ err: said.error, key: work.key }, 'a call to a provider failed');
    await giveUp(kit, held);
    if (effect.repeatable === false) return { is: 'unknown' };
    return { is: 'later', answer: problem('unavailable', { detail: 'The provider has not said what came of it' }) };
  }
  await at?.('called');
  try {
    return await inTransaction<Finished>(
      kit.pool,
      ROW_WAIT_MS,
      async (transaction) => {
        const [locked] = await transaction.send(lockHeld(held), HANDLER_TIMES);
        await at?.('claimed');
        // taken over: it is the other one's to say what came of it
        if (locked?.rowCount !== 1) return rollBack({ is: 'later', answer: problem('in-flight') });
        const end = await store(transaction, kit, { effect, held, work, said });
        await at?.('handled');
        return end;
      },
      at,
    );
  } catch (error) {
    await giveUp(kit, held);
    throw error;
  }
};

/** What is open: the action itself, or its undo. */
const workOf = (row: OperationRow) =>
  row.state === 'undoing'
    ? { key: undoKey(row), given: doneOf(row), request: parsed(row.undo_request) }
    : { key: row.key, given: parsed(row.input), request: parsed(row.request) };

/** A refused undo is over: the next one is another request, which the provider must not answer from the first. */
const undoKey = ({ key, undo_round: round }: OperationRow): string => `${key}#undo${round === 1 ? '' : `:${round}`}`;

type Work = ReturnType<typeof workOf>;

const parsed = (text: string | null): unknown => JSON.parse(text ?? 'null');

interface Stored {
  readonly effect: AnyExternal;
  readonly held: OperationRow;
  readonly work: Work;
  readonly said: Exclude<Said, { is: 'failed' }>;
}

const store = async (
  { tx }: Transaction,
  { actions }: Pick<Kit, 'actions'>,
  { effect, held, work: { given, request }, said }: Stored,
): Promise<End<Finished>> => {
  const { keep, kept } = memoKeeper();
  const refusal = said.is === 'refusal' ? said.refusal : undefined;
  const output =
    said.is === 'refusal'
      ? await effect.refused?.(tx, { given, request })
      : await noRefusal(() => effect.record(tx, { given, request, result: said.result }, keep));
  const last =
    held.state === 'undoing'
      ? endUndo(held.key, refusal === undefined ? 'undone' : 'done')
      : endAction(contractOf(actions, held), held.key, { refusal, output, memo: kept() });
  return recordAndCommit(last, (row) => ({ is: 'definite', row: row as OperationRow, refusal }));
};

const contractOf = (actions: Kit['actions'], { action }: OperationRow): ActionContract => {
  const contract = actions[action ?? ''];
  if (contract === undefined) throw new Error(`the contract knows no action '${action}'`);
  return contract;
};

const endAction = (
  contract: ActionContract,
  key: string,
  { refusal, output, memo }: { refusal: Refusal | undefined; output: unknown; memo: string | null },
): Statement =>
  refusal === undefined
    ? recordAnswer(key, doneAnswer(contract, output), memo)
    : recordAnswer(key, refusedAnswer(contract, refusal), null);

/** An undo that is refused leaves the action done, with the end that it had. */
const endUndo = (key: string, state: 'undone' | 'done'): Statement => ({
  text: `update saga_operations set state = $2, token = null, lease_until = null,
    ended_at = case when $2 = 'undone' then clock_timestamp() else ended_at end where key = $1 returning *`,
  values: [key, state],
});

/** It has happened outside: a no comes too late, and is the handler's mistake. */
const noRefusal = async (record: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await record();
  } catch (error) {
    if (error instanceof Refusal)
      throw new Error(`record refused what has happened: ${error.message}`, { cause: error });
    throw error;
  }
};
