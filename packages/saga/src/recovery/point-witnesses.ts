import { runOwnActivity } from '../calls/own-activity.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { pivotOf } from './settle-pivot.ts';
import { isCall } from '../author/steps.ts';

/**
 * Who tells, without a pivot, whether the point of no return was passed: the participants with retriable steps, whose seal lists what they
 * have done. The point is in the history of the run that passes it, so that a run knows it by itself; but not one that was reset, or that
 * was cancelled before its start, for another run of this id may have gone further. Such a one undoes nothing until all of them have
 * answered, however long that takes (S8): as with a pivot, which is settled first.
 */
export class PointWitnesses {
  readonly #run: SagaRun;
  readonly #services: ReadonlySet<string>;
  #knowsAll: Promise<boolean> | undefined;

  constructor(run: SagaRun) {
    this.#run = run;
    const retriable = Object.values(run.definition.steps).filter(({ kind }) => kind === 'retriable');
    this.#services = new Set(pivotOf(run.definition) ? [] : retriable.filter(isCall).map(({ service }) => service));
  }

  /** Whether one of these has to be waited for. Temporal is asked only when it comes to that. */
  async areMissedAmong(unsealed: ReadonlyMap<string, unknown>): Promise<boolean> {
    if (this.#run.acts.pointDenied || ![...unsealed.keys()].some((service) => this.#services.has(service)))
      return false;
    if (this.#run.cancelledBeforeStart) return true;
    this.#knowsAll ??= this.#ask();
    return !(await this.#knowsAll);
  }

  async #ask(): Promise<boolean> {
    const shown = { id: 'look at the history', summary: 'was it reset' };
    return !(await runOwnActivity<boolean>(this.#run.local, 'engine:wasReset', [], shown));
  }
}
