/** What a wait has answered to the flow: what had come of a kind, or, when nothing came in time, a value of its own. */
type Given = { readonly of: string } | { readonly value: unknown };

/** What the waits of a saga are answered with, by what they wait for: an event's type, an approval's name. */
export interface KeptAnswers {
  /** What has come, whether or not anybody waits for it; the first of a kind stands. */
  readonly come: readonly (readonly [of: string, value: unknown])[];
  /** What a wait has answered to the flow: a forward re-run gets the same (S11). */
  readonly given: readonly (readonly [step: string, given: Given])[];
}

/** Keeps what comes for a saga's waits, also before they begin (S11). */
export class Answers {
  readonly #come: Map<string, unknown>;
  readonly #given: Map<string, Given>;

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

  wasGiven(step: string): boolean {
    return this.#given.has(step);
  }

  given(step: string): unknown {
    const given = this.#given.get(step);
    return given !== undefined && 'of' in given ? this.#come.get(given.of) : given?.value;
  }

  /** Fixes what a wait answers. @returns it */
  give(step: string, given: Given): unknown {
    this.#given.set(step, given);
    return this.given(step);
  }

  get kept(): KeptAnswers {
    return { come: [...this.#come], given: [...this.#given] };
  }
}
