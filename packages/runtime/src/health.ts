/** What a process knows to be wrong with itself, although it can do what its callers need (E9). */
export interface Health {
  /** `reason` is asked whenever somebody looks; it answers null while all is well. */
  readonly watch: (reason: () => string | null) => void;
  readonly reasons: () => readonly string[];
}

export const createHealth = (): Health => {
  const watched: (() => string | null)[] = [];
  return {
    watch: (reason) => void watched.push(reason),
    reasons: () => [...new Set(watched.flatMap((reason) => reason() ?? []))],
  };
};
