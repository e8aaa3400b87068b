import type { Cause } from '@amends/contracts';
import { TAKES } from '../messages/parking.ts';
import { recoverBackward } from './recover-backward.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { pivotNotDone, pivotOf } from './settle-pivot.ts';

const KILLED: Cause = {
  step: null,
  outcome: 'error',
  code: 'error',
  message: 'the saga was killed: terminated, timed out, or failed by the server',
};

/**
 * Recovers a killed saga (S14), of whose flow and history nothing is needed: settles the pivot, seals every participant, undoes what they
 * list, and parks at what outsiders may have done. One that turns out to be past its point of no return parks: what is left of it can only be done by a person, who then says that it
 * is done, or that it was undone by hand and the rest is to be undone too.
 */
export const recoverKilled = async (run: SagaRun): Promise<'completed' | 'compensated'> => {
  for (;;) {
    const recovered = await recoverBackward(run, KILLED);
    if (recovered !== 'forward') {
      await run.supersession.allows();
      return recovered === 'resolved' ? 'completed' : 'compensated';
    }
    run.cause = KILLED;
    run.recovering = true;
    const [pivot = ''] = pivotOf(run.definition) ?? [];
    const entry = run.ledger.find(pivot, null);
    const error =
      'it was killed past its point of no return: do the rest by hand and resolve it as done, or undo this step by hand and resolve it as not-done';
    if (entry) run.ledger.change(entry, { state: 'parked', error, discharge: null });
    const act = await run.park(pivot, error, 0, TAKES.pivot);
    if (act.action !== 'resolve') continue;
    if (act.outcome === 'done') {
      await run.supersession.allows();
      if (entry) run.ledger.change(entry, { state: 'done', discharge: 'resolved' });
      run.result = act.output ?? null;
      run.cause = null;
      return 'completed';
    }
    pivotNotDone(run, pivot, 'resolved');
    run.phase = 'compensable';
    run.acts.pointDenied = true;
  }
};
