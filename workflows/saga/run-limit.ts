import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';

/**
 * Keeps a run's history under the server's limits (S18): once the server suggests a new run, no further call begins, and when nothing is
 * under way any more, the saga continues as new. What merely waits (for a person, an event) waits on in the new run.
 */
export class RunLimit {
  #underWay = 0;
  #lifted = false;

  get #reached(): boolean {
    return !this.#lifted && workflowInfo().continueAsNewSuggested;
  }

  /** This run goes on to its end: it is about to close, or its ledger is too large to be handed over. */
  lift(): void {
    this.#lifted = true;
  }

  /** Resolves when a call may begin: at once, or never. */
  async admitted(): Promise<void> {
    if (this.#reached) await condition(() => !this.#reached);
  }

  /** Runs what must end before the run may. */
  async counted<T>(act: () => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await act();
    } finally {
      this.#underWay--;
    }
  }

  /** Resolves when this run has come to its limit and is quiet. */
  async quiet(): Promise<void> {
    await condition(() => this.#reached && this.#underWay === 0 && allHandlersFinished());
  }
}
