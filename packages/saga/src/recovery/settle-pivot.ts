import type { Operation, Discharge } from '@amends/contracts/internal';
import { callSettle } from '../calls/call-service.ts';
import { instant } from '../run/clock.ts';
import { failureOf } from '../calls/outcome.ts';
import { TAKES } from '../messages/parking.ts';
import type { SagaRun } from '../run/saga-run.ts';
import type { Definition } from '../author/definition.ts';
import type { Step } from '../author/steps.ts';

/** The saga's pivot, if it has one. */
export const pivotOf = ({ steps }: Definition): readonly [name: string, step: Step<'pivot'>] | undefined => {
  for (const [name, step] of Object.entries(steps)) if (step.kind === 'pivot') return [name, step];
  return undefined;
};

/**
 * What is known of the pivot. `done`: the saga goes forward. `never-done`: its own participant says that it was not, and never will be, so
 * that nothing past it can have been asked for. `not-done`: it is not any more, or an operator says so, or there is none.
 */
export type PivotFound = 'done' | 'never-done' | 'not-done';

/** Noes that do not say that it was never done, or that another had it fixed before: settling tells. */
const SAYS_LITTLE: ReadonlySet<string> = new Set(['undone', 'sealed', 'expired']);

/**
 * Before anything is undone the pivot is fixed for good, even when this run never reached it (S7). A settle that fails parks the pivot: it is
 * repeated on retry, or an operator says whether it was done.
 */
export const settlePivot = async (run: SagaRun): Promise<PivotFound> => {
  const [name, step] = pivotOf(run.definition) ?? [];
  if (name === undefined || step === undefined) return 'not-done';
  const before = run.ledger.find(name, null);
  if (before?.refusal && !SAYS_LITTLE.has(before.refusal.code)) return 'never-done';
  // an operator has answered for it in an earlier run
  if (before?.state === 'refused' && before.discharge === 'resolved') return 'not-done';

  for (;;) {
    const outcome = await callSettle<Operation>(run, step, { name, instance: null, keyNumber: 1 });
    if (outcome.kind === 'done') {
      const { state, answer } = outcome.answer;
      if (state === 'done') return pivotDone(run, name, answer?.body, 'kept');
      pivotNotDone(run, name, 'nothing-to-undo');
      return state === 'undone' ? 'not-done' : 'never-done';
    }
    const { message, attempt } = failureOf(outcome);
    const known = run.ledger.find(name, null);
    const entry = known ?? run.ledger.open(name, null, null);
    const error = `settling failed: ${message}`;
    run.ledger.change(entry, { state: 'parked', error });
    const act = await run.park(name, error, attempt, TAKES.pivot);
    if (act.action === 'resolve') {
      if (act.outcome === 'done') return pivotDone(run, name, act.output, 'resolved');
      pivotNotDone(run, name, 'resolved');
      return 'not-done';
    }
    if (known) run.ledger.change(known, { state: 'unknown' });
    else run.ledger.forget(entry);
  }
};

const pivotDone = (run: SagaRun, name: string, output: unknown, discharge: Discharge): 'done' => {
  const entry = run.ledger.find(name, null) ?? run.ledger.open(name, null, null);
  run.ledger.change(entry, { state: 'done', output, error: null, endedAt: instant() });
  run.ledger.discharge(entry, discharge);
  run.phase = 'retriable';
  return 'done';
};

/** One that was never begun shows as pending, unless an operator has answered for it. */
export const pivotNotDone = (run: SagaRun, name: string, discharge: Discharge): void => {
  const entry = run.ledger.find(name, null);
  if (entry) {
    run.ledger.change(entry, { state: 'refused', endedAt: instant() });
    run.ledger.discharge(entry, discharge);
  }
  run.phase = 'compensable';
  run.changed();
};
