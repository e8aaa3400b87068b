import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';

/**
 * Keeps a run's history under the server's limits (S18): once the server suggests a new run, no further call begins, and when nothing is
 * under way any more, the saga continues as new. What merely waits (for a person, an event) waits on in the new run. While somebody's
 * message is half handled calls go on: it may wait for one of them.
 */
export class RunLimit {
  #underWay = 0;
  #messages = 0;
  #lifted = false;

  /** No further call begins: this run is about to be continued, or waits for somebody's message. */
  get isReached(): boolean {
    return !this.#lifted && workflowInfo().continueAsNewSuggested && this.#messages === 0 && allHandlersFinished();
  }

  /** This run goes on to its end: it is about to close, or its ledger is too large to be handed over. */
  lift(): void {
    this.#lifted = true;
  }

  /** Resolves when a call may begin: mostly at once; in a run that is about to be continued never. @throws when its scope is cancelled */
  async admitted(): Promise<void> {
    if (this.isReached) await condition(() => !this.isReached);
  }

  /** Resolves when this run is to be continued as soon as it is quiet. @throws when its scope is cancelled */
  async reached(): Promise<void> {
    await condition(() => this.isReached);
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

  /** The same of what never rejects, and is made for every call: without a promise of its own. */
  begun(): void {
    this.#underWay++;
  }

  ended(): void {
    this.#underWay--;
  }

  /** Handles a message that is no Update, of which Temporal itself keeps count. */
  async handled(act: () => Promise<void>): Promise<void> {
    this.#messages++;
    try {
      await act();
    } finally {
      this.#messages--;
    }
  }

  /** Resolves when this run has come to its limit and is quiet. */
  async quiet(): Promise<void> {
    await condition(() => this.isReached && this.#underWay === 0);
  }
}
