import type { SagaEnd } from '@amends/contracts';
import type { OperationFound } from './operations.ts';

/** A saga that has ended. */
export interface Ended {
  /** `fulfilOrder:o-1` */
  readonly id: string;
  readonly key: string;
  readonly end: SagaEnd;
  /** What the participants have recorded of every saga of that business key. */
  readonly operations: readonly OperationFound[];
}

/** What is left at the services of the sagas of one business key. */
export interface Effects {
  /** Keys of the operations whose effects are in force, `fulfilOrder:o-1/reserveStock`. */
  readonly inForce: readonly string[];
  /** Keys of operations of which nothing tells whether their effects are in force: they are not judged. */
  readonly untold?: readonly string[];
  /** What does not fit together, in sentences. */
  readonly wrong: readonly string[];
}

/**
 * What the participants' records tell: what is done is in force. A saga that another one started may be undone by a third, which its records
 * do not show, and a step without an undo stays done: of these nothing is told.
 */
export const effectsByRecords = ({ id, end, operations }: Ended, hasNoUndo: (key: string) => boolean): Effects => {
  const done = operations.filter(({ state }) => state === 'done');
  const untold = done.filter(({ saga, key }) => saga !== id || (end !== 'completed' && hasNoUndo(key)));
  return { inForce: done.map(({ key }) => key), untold: untold.map(({ key }) => key), wrong: [] };
};
