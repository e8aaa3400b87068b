/** What operators have decided that outlives the moment. */
export interface KeptActs {
  /** Step id → the input that a person has put in place of the saga's own. */
  readonly corrections: readonly (readonly [step: string, input: unknown])[];
  /** Participants that are not to be sealed any more. */
  readonly unsealed: readonly string[];
  /** The point of no return was not passed, whatever participants list. */
  readonly pointDenied: boolean;
}

/** Keeps what an operator has decided until it has taken effect, also into a new run (S6, S18). */
export class OperatorDecisions {
  readonly #corrections: Map<string, unknown>;
  readonly #unsealed: Set<string>;
  pointDenied: boolean;

  constructor(
    { corrections, unsealed, pointDenied }: KeptActs = { corrections: [], unsealed: [], pointDenied: false },
  ) {
    this.#corrections = new Map(corrections);
    this.#unsealed = new Set(unsealed);
    this.pointDenied = pointDenied;
  }

  correct(step: string, input: unknown): void {
    if (input !== undefined) this.#corrections.set(step, input);
  }

  /** undefined: nobody has corrected it. */
  correction(step: string): unknown {
    return this.#corrections.get(step);
  }

  giveUpSeal(service: string): void {
    this.#unsealed.add(service);
  }

  isSealGivenUp(service: string): boolean {
    return this.#unsealed.has(service);
  }

  get kept(): KeptActs {
    return { corrections: [...this.#corrections], unsealed: [...this.#unsealed], pointDenied: this.pointDenied };
  }
}
