/** Why a step waits for an operator. */
export interface ParkedStep {
  readonly step: string;
  readonly error: string;
  readonly attempt: number;
  readonly since: string;
}

/** The steps that wait for an operator; each is taken up again once. */
export class Parking {
  readonly #steps = new Map<string, { readonly parked: ParkedStep; readonly goOn: () => void }>();

  get steps(): readonly ParkedStep[] {
    return [...this.#steps.values()].map(({ parked }) => parked);
  }

  has(step: string): boolean {
    return this.#steps.has(step);
  }

  /** Resolves when an operator takes the step up again. */
  wait(parked: ParkedStep): Promise<void> {
    return new Promise((goOn) => {
      this.#steps.set(parked.step, { parked, goOn });
    });
  }

  takeUp(step: string): void {
    const parked = this.#steps.get(step);
    this.forget(step);
    parked?.goOn();
  }

  forget(step: string): void {
    this.#steps.delete(step);
  }
}
