import type { Passed } from './step-calls.ts';

/** What the engine hangs on the object that a flow gets: called when the flow passes the point. */
export const passPoint = Symbol('pass the point of no return');

/**
 * From here on nothing is undone. With a pivot: it has been done, else this is a wrong definition. Without one: this is the
 * point. For the compiler it swaps what may be called.
 */
export function pointOfNoReturn<T extends object>(step: T): asserts step is T & Passed {
  (step as { [passPoint]?: () => void })[passPoint]?.();
}
