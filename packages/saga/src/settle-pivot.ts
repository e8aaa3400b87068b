import type { Operation } from '@amends/contracts/internal';
import type { Discharge } from '@amends/contracts/internal';
import { callSettle } from './call-service.ts';
import { instant } from './clock.ts';
import { failureOf } from './outcome.ts';
import { TAKES } from './parking.ts';
import type { SagaRun } from './saga-run.ts';
import type { Definition } from './definition.ts';
import type { Step } from './steps.ts';

/** The saga's pivot, if it has one. */
export const pivotOf = ({ steps }: Definition): readonly [name: string, step: Step<'pivot'>] | undefined => {
  for (const [name, step] of Object.entries(steps)) if (step.kind === 'pivot') return [name, step];
  return undefined;
};

/**
 * Before anything is undone the pivot is fixed for good, even when this run never reached it (S7).
 *
 * @returns whether it was done: then the saga goes forward. A settle that fails parks the pivot: it is repeated on retry, or an operator says
 *   whether it was done.
 */
export const settlePivot = async (run: SagaRun): Promise<boolean> => {
  const [name, step] = pivotOf(run.definition) ?? [];
  if (name === undefined || step === undefined || run.ledger.find(name, null)?.state === 'refused') return false;

  for (;;) {
    const outcome = await callSettle<Operation>(run, name, step);
    if (outcome.kind === 'done') {
      const { state, answer } = outcome.answer;
      return state === 'done' ? pivotDone(run, name, answer?.body, 'kept') : pivotNotDone(run, name, 'nothing-to-undo');
    }
    const { message, attempt } = failureOf(outcome);
    const known = run.ledger.find(name, null);
    const entry = known ?? run.ledger.open(name, null, null);
    const error = `settling failed: ${message}`;
    run.ledger.change(entry, { state: 'parked', error });
    const act = await run.park(name, error, attempt, TAKES.pivot);
    if (act.action === 'resolve') {
      if (act.outcome === 'done') return pivotDone(run, name, act.output, 'resolved');
      return pivotNotDone(run, name, 'resolved');
    }
    if (known) run.ledger.change(known, { state: 'unknown' });
    else run.ledger.forget(entry);
  }
};

const pivotDone = (run: SagaRun, name: string, output: unknown, discharge: Discharge): true => {
  const entry = run.ledger.find(name, null) ?? run.ledger.open(name, null, null);
  run.ledger.change(entry, { state: 'done', output, error: null, endedAt: instant() });
  run.ledger.discharge(entry, discharge);
  run.phase = 'retriable';
  return true;
};

/** One that was never begun shows as pending, unless an operator has answered for it. */
export const pivotNotDone = (run: SagaRun, name: string, discharge: Discharge): false => {
  const entry = run.ledger.find(name, null);
  if (entry) {
    run.ledger.change(entry, { state: 'refused', endedAt: instant() });
    run.ledger.discharge(entry, discharge);
  }
  run.phase = 'compensable';
  run.changed();
  return false;
};
