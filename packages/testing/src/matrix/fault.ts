import type { Befalls } from '../rehearsal/rehearsed.ts';
import type { Expectation } from './expectation.ts';
import type { Place } from './place.ts';
import type { Scene } from './scene.ts';

/** One cell, as a fault plans it for a place. */
export interface Plan {
  /** Which of several forms of the fault; empty where there is but one. */
  readonly variant: string;
  /** What the oracle is told: it says what this must come to. Null: the saga goes on as if nothing had been. */
  readonly befalls: Befalls | null;
  /** The id of the call that it befalls, where that is another than the place's. */
  readonly at?: string;
  /** Where the end is other than the oracle's: an operator has skipped something, or a recovery run does not know the order of starts. */
  readonly changes?: (usual: Expectation) => Expectation;
  /** The cell waits for all that are to be struck by one kill of the workers. */
  readonly killsWorkers?: boolean;
  /** Plays it, from the start of the saga until nothing more is to be done; throws where something is not as it must be. */
  readonly act: (scene: Scene) => Promise<void>;
}

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  /** Its cells at a place, or why it has none there. */
  readonly plans: (place: Place) => Promise<readonly Plan[] | string>;
}
