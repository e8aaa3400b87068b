/** What an operator does with a parked step (S6). */
export type Act =
  | { readonly action: 'retry'; readonly input?: unknown }
  | { readonly action: 'skip' }
  | { readonly action: 'resolve'; readonly output?: unknown; readonly outcome?: 'done' | 'not-done' };

/** Which acts a parked step takes; retry it always does. */
export interface Takes {
  /** A retry may carry a corrected input. */
  readonly input: boolean;
  readonly skip: boolean;
  /** A resolve has to say whether it was done. */
  readonly outcome: boolean;
}

export const TAKES = {
  undo: { input: true, skip: true, outcome: false },
  step: { input: true, skip: true, outcome: false },
  seal: { input: false, skip: true, outcome: false },
  /** A parked pivot cannot be skipped; resolving it says whether it was done. */
  pivot: { input: false, skip: false, outcome: true },
  flow: { input: false, skip: true, outcome: false },
} as const satisfies Record<string, Takes>;

/** Why a step waits for an operator, and what it waits for. */
export interface ParkedStep {
  readonly step: string;
  readonly error: string;
  readonly attempt: number;
  readonly since: string;
  readonly takes: Takes;
}

/** The steps that wait for an operator; each is taken up once. */
export class Parking {
  readonly #steps = new Map<string, { readonly parked: ParkedStep; readonly goOn: (act: Act) => void }>();

  get steps(): readonly ParkedStep[] {
    return [...this.#steps.values()].map(({ parked }) => parked);
  }

  find(step: string): ParkedStep | undefined {
    return this.#steps.get(step)?.parked;
  }

  /** Resolves with what an operator does about it. */
  wait(parked: ParkedStep): Promise<Act> {
    return new Promise((goOn) => {
      this.#steps.set(parked.step, { parked, goOn });
    });
  }

  takeUp(step: string, act: Act): void {
    const waiting = this.#steps.get(step);
    this.forget(step);
    waiting?.goOn(act);
  }

  forget(step: string): void {
    this.#steps.delete(step);
  }
}
