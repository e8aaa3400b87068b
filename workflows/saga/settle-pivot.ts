import type { Operation } from '../../contracts/operation.ts';
import { callSettle } from './call-service.ts';
import { instant } from './clock.ts';
import { failureOf } from './outcome.ts';
import type { SagaRun } from './saga-run.ts';

/**
 * Before anything is undone the pivot is fixed for good, even when this run never reached it (S7).
 *
 * @returns whether it was done: then the saga goes forward. A settle that fails parks the pivot and is repeated on retry.
 */
export const settlePivot = async (run: SagaRun): Promise<boolean> => {
  const [name, step] = Object.entries(run.definition.steps).find(([, { kind }]) => kind === 'pivot') ?? [];
  if (name === undefined || step === undefined || run.ledger.find(name, null)?.state === 'refused') return false;

  for (;;) {
    const outcome = await callSettle<Operation>(run, name, step);
    const entry = run.ledger.find(name, null);
    if (outcome.kind === 'done') {
      const { state, answer } = outcome.answer;
      if (state === 'done') {
        const settled = entry ?? run.ledger.open(name, null, null);
        run.ledger.change(settled, { state: 'done', output: answer?.body, error: null, endedAt: instant() });
        run.ledger.discharge(settled, 'kept');
        run.phase = 'retriable';
        return true;
      }
      if (entry) {
        run.ledger.change(entry, { state: 'refused', endedAt: instant() });
        run.ledger.discharge(entry, 'nothing-to-undo');
      }
      run.phase = 'compensable';
      run.changed();
      return false;
    }
    const { message, attempt } = failureOf(outcome);
    const parked = entry ?? run.ledger.open(name, null, null);
    run.ledger.change(parked, { state: 'parked', error: `settling failed: ${message}` });
    await run.park(name, parked.error ?? message, attempt);
    if (entry) run.ledger.change(entry, { state: 'unknown' });
    else run.ledger.forget(parked);
  }
};
