import type { CarriedEvent } from '@amends/contracts/internal';

/** What a wait has answered to the flow: what had come of a kind, or, when nothing came in time, a value of its own. */
type Given = { readonly of: string } | { readonly value: unknown };

/** By which an event is told from any other. */
export interface EventIdentity {
  readonly id: string;
  readonly source: string;
}

/** `from`: the event that brought it; of an approval, or of what was sent by hand, null. `carried`: to be told should no wait take it. */
interface Come {
  readonly value: unknown;
  readonly from: (EventIdentity & { readonly carried: CarriedEvent | null }) | null;
}

/** What the waits of a saga are answered with, by what they wait for: an event's type, an approval's name. */
export interface KeptAnswers {
  /** What has come, whether or not anybody waits for it; the first of a kind stands. */
  readonly come: readonly (readonly [of: string, come: Come])[];
  /** What a wait has answered to the flow: a forward re-run gets the same (S11). */
  readonly given: readonly (readonly [step: string, given: Given])[];
}

/** Keeps what comes for a saga's waits, also before they begin (S11). */
export class Answers {
  readonly #come: Map<string, Come>;
  readonly #given: Map<string, Given>;

  constructor({ come, given }: KeptAnswers = { come: [], given: [] }) {
    this.#come = new Map(come);
    this.#given = new Map(given);
  }

  /** Keeps the first of its kind. @returns whether it was the first */
  keep(of: string, value: unknown, from: Come['from'] = null): boolean {
    if (this.#come.has(of)) return false;
    this.#come.set(of, { value, from });
    return true;
  }

  hasCome(of: string): boolean {
    return this.#come.has(of);
  }

  /** Whether what is kept of a kind was brought by that event. */
  isFrom(of: string, { id, source }: EventIdentity): boolean {
    const from = this.#come.get(of)?.from;
    return from?.id === id && from.source === source;
  }

  wasGiven(step: string): boolean {
    return this.#given.has(step);
  }

  given(step: string): unknown {
    const given = this.#given.get(step);
    return given !== undefined && 'of' in given ? this.#come.get(given.of)?.value : given?.value;
  }

  /** Fixes what a wait answers. @returns it */
  give(step: string, given: Given): unknown {
    this.#given.set(step, given);
    const come = 'of' in given ? this.#come.get(given.of) : undefined;
    if ('of' in given && come?.from) this.#come.set(given.of, { ...come, from: { ...come.from, carried: null } });
    return this.given(step);
  }

  /** The events that no wait has taken. */
  get unused(): readonly CarriedEvent[] {
    return [...this.#come.values()].flatMap(({ from }) => from?.carried ?? []);
  }

  get kept(): KeptAnswers {
    return { come: [...this.#come], given: [...this.#given] };
  }
}
