import type { Operation } from '../../contracts/operation.ts';
import { callOutsidersUndo, callUndo } from './call-service.ts';
import type { Entry } from './ledger.ts';
import type { Outcome } from './outcome.ts';
import type { SagaRun } from './saga-run.ts';
import { inWords } from './words.ts';

/**
 * Undoes one opened step. Resolves when the undo is done or parked, with what then still goes on: an undo that fails parks and is
 * repeated on retry, and does not keep the others from running (S5, S6).
 */
export const undoStep = async (run: SagaRun, entry: Entry): Promise<{ readonly untilDone: Promise<void> }> => {
  const first = await attemptUndo(run, entry);
  const untilDone = async (): Promise<void> => {
    for (let outcome = first; !concluded(run, entry, outcome); outcome = await attemptUndo(run, entry)) {
      const { message, attempt } =
        outcome.kind === 'cancelled'
          ? { message: 'cancelled', attempt: 0 }
          : (outcome as { message: string; attempt: number });
      run.ledger.change(entry, { undo: { state: 'parked', attempt, error: message } });
      await run.park(entry.id, message, attempt);
    }
  };
  return { untilDone: untilDone() };
};

/** What the undo answered: `nothing` when the participant had nothing to undo. */
type Undone = 'compensated' | 'nothing-to-undo';

const attemptUndo = async (run: SagaRun, entry: Entry): Promise<Outcome<Undone>> => {
  const step = run.definition.steps[entry.name];
  if (entry.state === 'refused' || (step !== undefined && step.undo === null)) {
    return { kind: 'done', answer: 'nothing-to-undo', attempt: 0 };
  }
  run.ledger.change(entry, { undo: { state: 'running', attempt: 0, error: null } });
  const undo = step?.undo;
  if (typeof undo === 'object' && undo !== null) {
    const input = undo.given(entry.input, entry.output);
    const outcome = await callOutsidersUndo(run, entry.name, entry.instance, { ...undo, input });
    return outcome.kind === 'done' ? { ...outcome, answer: 'compensated' } : outcome;
  }
  const outcome = await callUndo<Pick<Operation, 'state'>>(run, entry.name, entry.instance, {
    service: step?.service ?? entry.foundAt ?? '',
    action: step?.action ?? '',
    summary: undo ?? `undo ${inWords(entry.name)}`,
  });
  if (outcome.kind !== 'done') return outcome;
  return { ...outcome, answer: outcome.answer.state === 'undone' ? 'compensated' : 'nothing-to-undo' };
};

/** Writes down an undo that has come to its end; false when it has not. */
const concluded = (run: SagaRun, entry: Entry, outcome: Outcome<Undone>): boolean => {
  if (outcome.kind !== 'done') return false;
  const { answer, attempt } = outcome;
  if (entry.undo !== null) run.ledger.change(entry, { undo: { state: 'done', attempt, error: null } });
  run.ledger.discharge(entry, answer);
  return true;
};
