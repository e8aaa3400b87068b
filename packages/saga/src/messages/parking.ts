/** What an operator does with a parked step (S6). */
export type Act =
  | { readonly action: 'retry'; readonly input?: unknown }
  | { readonly action: 'skip' }
  | { readonly action: 'resolve'; readonly output?: unknown; readonly outcome?: 'done' | 'not-done' };

/** Which acts a parked step takes; resolve it always does. */
export interface Takes {
  /** False: no answer could ever be another one. */
  readonly retry: boolean;
  /** A retry may carry a corrected input. */
  readonly input: boolean;
  readonly skip: boolean;
  /** Whether a resolve says that it was done, or not: it has to, it may (then it was done unless it says otherwise), it must not. */
  readonly outcome: 'needed' | 'optional' | 'none';
}

export const TAKES = {
  undo: { retry: true, input: true, skip: true, outcome: 'none' },
  step: { retry: true, input: true, skip: true, outcome: 'none' },
  /** Its participant is sealed, or the saga is older than what is kept of operations. */
  refusedForGood: { retry: false, input: false, skip: true, outcome: 'none' },
  seal: { retry: true, input: false, skip: true, outcome: 'none' },
  /** A parked pivot cannot be skipped; resolving it says whether it was done. */
  pivot: { retry: true, input: false, skip: false, outcome: 'needed' },
  flow: { retry: true, input: false, skip: true, outcome: 'none' },
  /** As step `flow`, of a saga that is sealed and turns out to be past its point: it can go neither forward nor backward by itself. */
  passed: { retry: false, input: false, skip: false, outcome: 'optional' },
  /** The same of a killed saga, of which its operator has to say which it is. */
  killedPast: { retry: false, input: false, skip: false, outcome: 'needed' },
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
