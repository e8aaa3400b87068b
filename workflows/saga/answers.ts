/** What the waits of a saga are answered with: events by their type, decisions by the step's name. */
export interface KeptAnswers {
  /** What has come, whether or not anybody waits for it; the first of a kind stands. */
  readonly come: readonly (readonly [of: string, value: unknown])[];
  /** What a wait has answered to the flow: a forward re-run gets the same (S11). */
  readonly given: readonly (readonly [step: string, value: unknown])[];
}

/** Keeps what comes for a saga's waits, also before they begin (S11). */
export class Answers {
  readonly #come: Map<string, unknown>;
  readonly #given: Map<string, unknown>;

  constructor({ come, given }: KeptAnswers = { come: [], given: [] }) {
    this.#come = new Map(come);
    this.#given = new Map(given);
  }

  /** Keeps the first of its kind. @returns whether it was the first */
  keep(of: string, value: unknown): boolean {
    if (this.#come.has(of)) return false;
    this.#come.set(of, value);
    return true;
  }

  hasCome(of: string): boolean {
    return this.#come.has(of);
  }

  come(of: string): unknown {
    return this.#come.get(of);
  }

  wasGiven(step: string): boolean {
    return this.#given.has(step);
  }

  given(step: string): unknown {
    return this.#given.get(step);
  }

  give(step: string, value: unknown): void {
    this.#given.set(step, value);
  }

  get kept(): KeptAnswers {
    return { come: [...this.#come], given: [...this.#given] };
  }
}
