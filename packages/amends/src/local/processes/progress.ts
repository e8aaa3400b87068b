import { Listr, type ListrTask } from 'listr2';

/** One line of the progress display, and what it stands for; `say` shows a sentence at that line. */
export interface Step<T> {
  readonly title: string;
  readonly run: (say: (sentence: string) => void) => Promise<T>;
}

type Results<S> = { readonly [K in keyof S]: S[K] extends Step<infer T> ? T : never };

export interface Display {
  /** False: nothing is printed. */
  readonly shown: boolean;
  /** Called at the first failure, so that the others can be called off. */
  readonly failed: () => void;
}

/**
 * Runs steps at the same time and shows how they go on: a live list on a terminal, lines elsewhere (and on a terminal that does
 * not know its width, where a live list draws nothing). Rejects with the first failure, once every step has ended.
 */
export const runTogether = async <S extends Readonly<Record<string, Step<unknown>>>>(
  steps: S,
  { shown, failed }: Display,
): Promise<Results<S>> => {
  const results: Record<string, unknown> = {};
  const runs: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const taskOf = ([key, step]: [string, Step<unknown>]): ListrTask => ({
    title: step.title,
    task: async (_, task) => {
      const run = step.run((sentence) => (task.output = sentence));
      runs.push(run);
      try {
        results[key] = await run;
      } catch (error) {
        failures.push(error);
        failed();
        // the failure itself is whoever's who called
        throw new Error('see below', { cause: error });
      }
    },
  });
  const live = process.stdout.isTTY && process.stdout.columns > 0;
  const list = new Listr(Object.entries(steps).map(taskOf), {
    concurrent: true,
    renderer: !shown ? 'silent' : live ? 'default' : 'simple',
    // an interrupted start ends in order, which is not the display's business
    registerSignalListeners: false,
    rendererOptions: { showErrorMessage: false },
  });
  try {
    await list.run();
    return results as Results<S>;
  } catch (error) {
    await Promise.allSettled(runs);
    throw failures[0] ?? error;
  }
};
