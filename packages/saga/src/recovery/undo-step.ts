import type { Operation } from '@amends/contracts/internal';
import { callOutsidersUndo, callUndo } from '../calls/call-service.ts';
import type { Entry } from '../run/ledger.ts';
import { failureOf, type Outcome } from '../calls/outcome.ts';
import { withCorrection } from '../messages/operator-decisions.ts';
import { TAKES } from '../messages/parking.ts';
import { tooLarge } from '../calls/payload-limit.ts';
import { runChild } from '../run/run-child.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { isCall, type ChildStep, type Step, type UndoAction, type UndoSaga } from '../author/steps.ts';
import { inWords, messageOf } from '../run/words.ts';

/**
 * Undoes one opened step. Resolves when the undo is done or parked, with what then still goes on: an undo that fails parks until an
 * operator acts, and does not keep the others from running (S5, S6).
 *
 * @param isSlow called when the undo has left the fast lane, or never takes it
 */
export const undoStep = async (
  run: SagaRun,
  entry: Entry,
  isSlow: () => void,
): Promise<{ readonly untilDone: Promise<void> }> => {
  const first = await attemptUndo(run, entry, 0, isSlow);
  const untilDone = async (): Promise<void> => {
    let outcome = first;
    for (let retries = 1; outcome.kind !== 'done'; retries++) {
      const { attempt, ...failure } = failureOf(outcome);
      const message = withCorrection(run, entry, failure.message);
      run.ledger.change(entry, { undo: { state: 'parked', attempt, error: message } });
      const act = await run.park(entry.id, message, attempt, TAKES.undo);
      if (act.action !== 'retry') {
        const skipped = act.action === 'skip';
        run.ledger.change(entry, { undo: { state: skipped ? 'skipped' : 'done', attempt, error: message } });
        return run.ledger.discharge(entry, skipped ? 'skipped' : 'resolved');
      }
      outcome = await attemptUndo(run, entry, retries);
    }
  };
  return { untilDone: untilDone() };
};

/** What the undo answered: `nothing` when the participant had nothing to undo. */
type Undone = 'compensated' | 'nothing-to-undo';

const NOTHING: Outcome<Undone> = { kind: 'done', answer: 'nothing-to-undo', attempt: 0 };

const attemptUndo = async (
  run: SagaRun,
  entry: Entry,
  retries: number,
  isSlow: () => void = () => {},
): Promise<Outcome<Undone>> => {
  const outcome = await askToUndo(run, entry, retries, isSlow).catch(broken);
  if (outcome.kind !== 'done') return outcome;
  const { answer, attempt } = outcome;
  if (entry.undo !== null) run.ledger.change(entry, { undo: { state: 'done', attempt, error: null } });
  run.ledger.discharge(entry, answer);
  return outcome;
};

const askToUndo = async (run: SagaRun, entry: Entry, retries: number, isSlow: () => void): Promise<Outcome<Undone>> => {
  const step = run.definition.steps[entry.name];
  if (entry.state === 'refused' || (step !== undefined && undoOf(step) === null)) return NOTHING;
  run.ledger.change(entry, { undo: { state: 'running', attempt: 0, error: null } });
  if (step?.kind === 'child') {
    isSlow();
    return askChild(run, entry, step, retries);
  }
  const call = step !== undefined && isCall(step) ? step : undefined;
  const undo = call?.undo ?? null;
  if (typeof undo === 'object' && undo !== null) return askOutsider(run, entry, undo, isSlow);
  const outcome = await callUndo<Pick<Operation, 'state'>>(run, {
    ...undoing(run, entry, isSlow),
    service: call?.service ?? entry.foundAt ?? '',
    action: call?.action ?? '',
    input: run.acts.correction(entry.id) ?? null,
    summary: undo ?? `undo ${inWords(entry.name)}`,
  });
  if (outcome.kind !== 'done') return outcome;
  return { ...outcome, answer: outcome.answer.state === 'undone' ? 'compensated' : 'nothing-to-undo' };
};

const undoOf = (step: Step): string | UndoAction | UndoSaga | null => ('undo' in step ? step.undo : null);

const undoing = (run: SagaRun, entry: Entry, isSlow: () => void) => ({
  name: entry.name,
  instance: entry.instance,
  keyNumber: entry.keyNumber,
  onDurable: (attempt: number): void => {
    run.ledger.change(entry, { undo: { state: 'running', attempt, error: null } });
    isSlow();
  },
});

/** An outsider's undo is an action like any other. */
const askOutsider = async (
  run: SagaRun,
  entry: Entry,
  undo: UndoAction,
  isSlow: () => void,
): Promise<Outcome<Undone>> => {
  const { service, action, repeatable } = undo;
  const asked = { ...undoing(run, entry, isSlow), service, action, repeatable, input: inputOf(run, entry, undo) };
  return compensated(await callOutsidersUndo(run, asked));
};

/**
 * A child saga that may have completed is undone by another saga, of the same key. An undo saga that has ended without doing it cannot be
 * run again, so each retry is a saga of its own: `<key>~1~2`, `<key>~1~3`, which is no order's, and no undo saga's of a parent that is run
 * again (that one ends in `~2` alone).
 */
const askChild = async (run: SagaRun, entry: Entry, step: ChildStep, retries: number): Promise<Outcome<Undone>> => {
  const { undo } = step;
  if (undo === null) return NOTHING;
  const own = step.key(entry.input as never);
  const key = retries === 0 ? own : `${own}${/~\d+$/.test(own) ? '' : '~1'}~${retries + 1}`;
  const input = inputOf(run, entry, undo);
  return compensated(await runChild(run, { saga: undo.saga, key, input, step: `undo ${entry.id}` }));
};

const compensated = (outcome: Outcome): Outcome<Undone> =>
  outcome.kind === 'done' ? { ...outcome, answer: 'compensated' } : outcome;

/** What an undo is asked with, as its author makes it, unless an operator has corrected it. */
const inputOf = (run: SagaRun, entry: Entry, { given }: UndoAction | UndoSaga): unknown => {
  const correction = run.acts.correction(entry.id);
  if (correction === undefined && entry.isInputLost) {
    throw new Error('nobody knows what it was asked with: undo it by hand, or retry with the input of its undo');
  }
  const input = correction ?? given(entry.input, entry.output);
  const size = tooLarge(input);
  if (size !== null) throw new Error(`the input of the undo is too large to be sent: ${size}`);
  return input;
};

/** What an author makes may break, and then parks. */
const broken = (error: unknown): Outcome<Undone> => ({ kind: 'unknown', message: messageOf(error), attempt: 0 });
