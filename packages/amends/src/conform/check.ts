import type { Sample } from './sample.ts';
import type { Service } from './service.ts';

/** What every check has at hand. */
export interface Bench {
  readonly service: Service;
  /** How many requests are sent at once where it matters. */
  readonly atOnce: number;
  /** How many sagas race with their seals. */
  readonly racingSagas: number;
  /** The largest body in bytes; undefined: not known. */
  readonly bodyLimit: number | undefined;
  readonly newSaga: () => string;
}

/** The same for checks of one action. */
export interface ActionBench extends Bench {
  readonly hasUndo: boolean;
  /** A sample that is done, in a saga of its own or in that one; several in one saga have instances. */
  readonly sample: (saga?: string, instance?: string) => Promise<Sample>;
  /** A sample that is refused, and its code. @throws Skip when the file names none */
  readonly refused: () => Promise<Sample & { readonly code: string }>;
  /** A sample of another action. @throws Skip when the file names none */
  readonly other: () => Promise<Sample>;
}

/** One thing that a promise says, for each action. It throws Unkept, or Skip. */
export interface ActionCheck {
  readonly says: string;
  /** Only of actions that have an undo, or have none; of all by default. */
  readonly of?: 'with undo' | 'without undo';
  readonly run: (bench: ActionBench) => Promise<void>;
}

/** One thing that a promise says of the service as a whole. */
export interface ServiceCheck {
  readonly says: string;
  readonly run: (bench: Bench) => Promise<void>;
}

/** A promise and what is looked at to see whether it is kept. */
export interface Promised {
  /** `P1`, or `input` for requests that cannot be read. */
  readonly name: string;
  readonly actionChecks: readonly ActionCheck[];
  readonly serviceChecks: readonly ServiceCheck[];
}

/** So many at once, begun together. */
export const times = <T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));
