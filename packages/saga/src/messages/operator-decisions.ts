/** What operators have decided that outlives the moment. */
export interface KeptActs {
  /** Step id → the input that a person has put in place of the saga's own. */
  readonly corrections: readonly (readonly [step: string, input: unknown])[];
  /** Steps whose correction has not been sent yet: the key in use must be settled first. */
  readonly unsent: readonly string[];
  /** Participants that are not to be sealed any more. */
  readonly unsealed: readonly string[];
  /** The point of no return was not passed, whatever participants list. */
  readonly pointDenied: boolean;
}

/** Keeps what an operator has decided until it has taken effect, also into a new run (S6, S18). */
export class OperatorDecisions {
  readonly #corrections: Map<string, unknown>;
  readonly #unsent: Set<string>;
  readonly #unsealed: Set<string>;
  pointDenied: boolean;

  constructor(
    { corrections, unsent, unsealed, pointDenied }: KeptActs = {
      corrections: [],
      unsent: [],
      unsealed: [],
      pointDenied: false,
    },
  ) {
    this.#corrections = new Map(corrections);
    this.#unsent = new Set(unsent);
    this.#unsealed = new Set(unsealed);
    this.pointDenied = pointDenied;
  }

  correct(step: string, input: unknown): void {
    if (input === undefined) return;
    this.#corrections.set(step, input);
    this.#unsent.add(step);
  }

  /** undefined: nobody has corrected it. */
  correction(step: string): unknown {
    return this.#corrections.get(step);
  }

  isUnsent(step: string): boolean {
    return this.#unsent.has(step);
  }

  /** From now on the step is asked with its correction. */
  send(step: string): void {
    this.#unsent.delete(step);
  }

  giveUpSeal(service: string): void {
    this.#unsealed.add(service);
  }

  isSealGivenUp(service: string): boolean {
    return this.#unsealed.has(service);
  }

  get kept(): KeptActs {
    return {
      corrections: [...this.#corrections],
      unsent: [...this.#unsent],
      unsealed: [...this.#unsealed],
      pointDenied: this.pointDenied,
    };
  }
}

/** What a parked step says: also what a retry that brings no input sends. */
export const withCorrection = (
  { acts }: { readonly acts: Pick<OperatorDecisions, 'correction'> },
  { id }: { readonly id: string },
  message: string,
): string =>
  acts.correction(id) === undefined ? message : `${message} (a retry without an input sends the corrected one again)`;
