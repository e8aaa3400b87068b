import type { Operation } from '../../contracts/operation.ts';
import { callOutsidersUndo, callUndo } from './call-service.ts';
import type { Entry } from './ledger.ts';
import { failureOf, type Outcome } from './outcome.ts';
import { tooLarge } from './payload-limit.ts';
import type { SagaRun } from './saga-run.ts';
import type { UndoAction } from './steps.ts';
import { inWords, messageOf } from './words.ts';

/**
 * Undoes one opened step. Resolves when the undo is done or parked, with what then still goes on: an undo that fails parks and is
 * repeated on retry, and does not keep the others from running (S5, S6).
 */
export const undoStep = async (run: SagaRun, entry: Entry): Promise<{ readonly untilDone: Promise<void> }> => {
  const first = await attemptUndo(run, entry);
  const untilDone = async (): Promise<void> => {
    for (let outcome = first; outcome.kind !== 'done'; outcome = await attemptUndo(run, entry)) {
      const { message, attempt } = failureOf(outcome);
      run.ledger.change(entry, { undo: { state: 'parked', attempt, error: message } });
      await run.park(entry.id, message, attempt);
    }
  };
  return { untilDone: untilDone() };
};

/** What the undo answered: `nothing` when the participant had nothing to undo. */
type Undone = 'compensated' | 'nothing-to-undo';

const attemptUndo = async (run: SagaRun, entry: Entry): Promise<Outcome<Undone>> => {
  const outcome = await askToUndo(run, entry);
  if (outcome.kind !== 'done') return outcome;
  const { answer, attempt } = outcome;
  if (entry.undo !== null) run.ledger.change(entry, { undo: { state: 'done', attempt, error: null } });
  run.ledger.discharge(entry, answer);
  return outcome;
};

const askToUndo = async (run: SagaRun, entry: Entry): Promise<Outcome<Undone>> => {
  const step = run.definition.steps[entry.name];
  if (entry.state === 'refused' || (step !== undefined && step.undo === null)) {
    return { kind: 'done', answer: 'nothing-to-undo', attempt: 0 };
  }
  run.ledger.change(entry, { undo: { state: 'running', attempt: 0, error: null } });
  const undo = step?.undo;
  if (typeof undo === 'object' && undo !== null) return askOutsider(run, entry, undo);
  const outcome = await callUndo<Pick<Operation, 'state'>>(run, entry.name, entry.instance, {
    service: step?.service ?? entry.foundAt ?? '',
    action: step?.action ?? '',
    summary: undo ?? `undo ${inWords(entry.name)}`,
  });
  if (outcome.kind !== 'done') return outcome;
  return { ...outcome, answer: outcome.answer.state === 'undone' ? 'compensated' : 'nothing-to-undo' };
};

/** An outsider's undo is an action like any other; what its author makes as input may break, and then parks. */
const askOutsider = async (run: SagaRun, entry: Entry, undo: UndoAction): Promise<Outcome<Undone>> => {
  try {
    const input = undo.given(entry.input, entry.output);
    const size = tooLarge(input);
    if (size !== null) throw new Error(`the input of the undo is too large to be sent: ${size}`);
    const outcome = await callOutsidersUndo(run, entry.name, entry.instance, { ...undo, input });
    return outcome.kind === 'done' ? { ...outcome, answer: 'compensated' } : outcome;
  } catch (error) {
    return { kind: 'unknown', message: messageOf(error), attempt: 0 };
  }
};
