/** Counts by name, in the order in which the names were first counted. */
export class Tally<Name extends string = string> {
  readonly #counts = new Map<Name, number>();

  static of<N extends string>(names: Iterable<N>): Tally<N> {
    const tally = new Tally<N>();
    for (const name of names) tally.add(name);
    return tally;
  }

  add(name: Name, times = 1): void {
    this.#counts.set(name, this.count(name) + times);
  }

  count(name: Name): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return this.entries().reduce((sum, [, count]) => sum + count, 0);
  }

  entries(): (readonly [Name, number])[] {
    return [...this.#counts];
  }
}
