/** Of one question: the answer that is under way, and the one after it, which those share who came meanwhile. */
interface Line<T> {
  readonly now: Promise<T>;
  next?: Promise<T>;
}

/**
 * Asks the same but once at a time, however many want to know it: who comes while an answer is under way is given the next one, so that
 * nobody is told what was so before he asked.
 */
export class Share<T> {
  readonly #lines = new Map<string, Line<T>>();

  /** What `ask` answers, or what another's does who asked for the same `key`. */
  of(key: string, ask: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key);
    if (line === undefined) return this.#begin(key, ask);
    line.next ??= line.now.then(
      () => this.#begin(key, ask),
      () => this.#begin(key, ask),
    );
    return line.next;
  }

  #begin(key: string, ask: () => Promise<T>): Promise<T> {
    const line: Line<T> = { now: ask() };
    this.#lines.set(key, line);
    const end = (): void => {
      if (line.next === undefined) this.#lines.delete(key);
    };
    line.now.then(end, end);
    return line.now;
  }
}
