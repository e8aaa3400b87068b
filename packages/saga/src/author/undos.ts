import { epoch } from '../run/clock.ts';
import { endsBy } from '../run/ends-by.ts';
import type { Entry } from '../run/ledger.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { signal } from './signal.ts';
import { isCall } from './steps.ts';
import { undoStep } from '../recovery/undo-step.ts';

/** So long at most a participant that does not answer holds up what is to be undone at others (S1). */
export const HOLDS_UP_MS = 3_000;

/**
 * The undos of a saga. They begin in the order in which they are given, one when the one before it has ended or parked; but one that takes
 * long holds up those of other services for no more than {@link HOLDS_UP_MS}. At one service they keep their order, however long each takes.
 */
export class Undos {
  readonly #run: SagaRun;
  readonly #begun = new Set<string>();
  /** Service → the undo that came last there: until it has ended, or parked. */
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #late = new Set<string>();
  readonly #done: Promise<unknown>[] = [];

  constructor(run: SagaRun) {
    this.#run = run;
  }

  has({ id }: Entry): boolean {
    return this.#begun.has(id);
  }

  /** Undoes these, in this order; beside what was given before. */
  begin(entries: readonly Entry[]): void {
    for (const { id } of entries) this.#begun.add(id);
    this.#done.push(this.#oneByOne(entries));
  }

  /** Resolves when everything that was given is undone, also what an operator has to act on first. */
  async done(): Promise<void> {
    await Promise.all(this.#done);
  }

  async #oneByOne(entries: readonly Entry[]): Promise<void> {
    const done: Promise<void>[] = [];
    for (const entry of entries) {
      const since = epoch();
      const service = placeOf(this.#run, entry);
      const slow = signal();
      const before = this.#last.get(service) ?? Promise.resolve();
      const tried = before.then(() => undoStep(this.#run, entry, slow.give));
      this.#last.set(service, tried);
      done.push(tried.then(({ untilDone }) => untilDone));
      // its service has held up others before
      if (this.#late.has(service)) continue;
      const atOnce = await Promise.race([tried.then(() => true), slow.given.then(() => false)]);
      if (!atOnce && !(await endsBy(tried, since + HOLDS_UP_MS, 'until others are undone too'))) {
        this.#late.add(service);
      }
    }
    await Promise.all(done);
  }
}

/** Where an undo is asked for: a service, or the saga that undoes a child. */
const placeOf = (run: SagaRun, { name, id, foundAt }: Entry): string => {
  const step = run.definition.steps[name];
  if (step === undefined) return foundAt ?? '';
  return isCall(step) ? step.service : id;
};
