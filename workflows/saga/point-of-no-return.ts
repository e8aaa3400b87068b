import type { After, Before } from './step-calls.ts';
import type { Steps } from './steps.ts';

/** What the engine hangs on the object that a flow gets: called when the flow passes the point. */
export const passPoint = Symbol('pass the point of no return');

/**
 * From here on nothing is undone. With a pivot: it has been done, else this is a wrong definition. Without one: this is the
 * point. For the compiler it swaps what may be called.
 */
export function pointOfNoReturn<S extends Steps>(step: Before<S>): asserts step is Before<S> & After<S> {
  (step as { [passPoint]?: () => void })[passPoint]?.();
}
