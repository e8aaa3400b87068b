/** The work that a process has in hand, and how one of it can be left alone with it. */
export interface InFlight {
  readonly count: () => number;
  readonly add: (work: Promise<void>) => void;
  /** Resolves when one of them has ended. There must be one. */
  readonly next: () => Promise<void>;
  readonly all: () => Promise<void>;
  /**
   * For one that is in flight: waits until it is the only one, then does `work`. Answers false, and does nothing, when
   * another is at that already.
   */
  readonly alone: (work: () => Promise<void>) => Promise<boolean>;
  /** Whether somebody is, or waits to be, alone: then no more may be taken up. */
  readonly shut: () => boolean;
  /** Resolves when nobody is any more. */
  readonly open: () => Promise<void>;
}

/** `onAlone` is told when somebody wants to be alone, so that no more is taken up. */
export const createInFlight = (onAlone: () => void): InFlight => {
  const works = new Set<Promise<void>>();
  let loner: Promise<void> | undefined;

  const isolate = async (work: () => Promise<void>): Promise<void> => {
    while (works.size > 1) await Promise.race(works);
    await work();
  };

  return {
    count: () => works.size,
    add: (work) => {
      const ending = work.finally(() => works.delete(ending));
      works.add(ending);
    },
    next: () => Promise.race(works),
    all: async () => {
      await Promise.all(works);
    },
    alone: async (work) => {
      if (loner) return false;
      const isolated = isolate(work).finally(() => (loner = undefined));
      loner = isolated.catch(() => {});
      onAlone();
      await isolated;
      return true;
    },
    shut: () => loner !== undefined,
    open: async () => {
      await loner;
    },
  };
};
