/** Of one question: the answer that is under way, since when, and the one after it. */
interface Line<T> {
  readonly now: Promise<T>;
  readonly since: number;
  next?: Promise<T>;
}

/**
 * Asks the same but once at a time, however many want to know it. Who comes while an answer is under way shares it, where it was asked for
 * at most `freshMs` ago, and else the one after it: so nobody is told what was so longer before he asked.
 */
export class Share<T> {
  readonly #lines = new Map<string, Line<T>>();
  readonly #freshMs: number;

  constructor(freshMs: number) {
    this.#freshMs = freshMs;
  }

  /** What `ask` answers, or what another's does who asked for the same `key`. */
  of(key: string, ask: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key);
    if (line === undefined) return this.#begin(key, ask);
    if (performance.now() - line.since <= this.#freshMs) return line.now;
    const next = (): Promise<T> => this.#begin(key, ask);
    line.next ??= line.now.then(next, next);
    return line.next;
  }

  #begin(key: string, ask: () => Promise<T>): Promise<T> {
    const line: Line<T> = { now: ask(), since: performance.now() };
    this.#lines.set(key, line);
    const end = (): void => {
      if (line.next === undefined) this.#lines.delete(key);
    };
    line.now.then(end, end);
    return line.now;
  }
}
