/** Who works on what: one at a time, or several together until all are over. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** After all who came before. */
  take<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    this.#last.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }

  /** Beside the others. */
  join<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = work();
    this.#last.set(name, Promise.allSettled([this.#last.get(name), turn]));
    return turn;
  }

  /** When all who came before are over. */
  async over(name: string): Promise<void> {
    await this.#last.get(name);
  }
}
