import type { Problem } from '@amends/contracts';
import type { CameAs } from './carry-event.ts';
import type { KnownEvent } from './known-event.ts';
import type { Late } from '../letters/late-events.ts';

/**
 * What became of an event (design section 6). `accepted`, `duplicate`: what it causes is durable. `ignored`: of a known type that does
 * nothing. `late`: a cancel or a signal that comes after its saga's end; a cancel past the point of no return of an open saga is told by the
 * saga itself. `invalid`: it can never be used. `conflict`: its saga was started with other data. `unavailable`: nothing is decided, the same
 * event is to be sent again.
 */
export const OUTCOMES = ['accepted', 'duplicate', 'ignored', 'late', 'invalid', 'conflict', 'unavailable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** `problem` is null for the first four outcomes. `late` is there for that outcome alone: the event is taken once it has been told (TellLate). */
export interface Dispatched {
  readonly outcome: Outcome;
  readonly problem: Problem | null;
  readonly late?: Late;
}

/** Who does what an event asks for. */
export interface Dispatcher {
  /** Never rejects: what went wrong for now is `unavailable`. */
  readonly dispatch: (event: KnownEvent, as?: CameAs) => Promise<Dispatched>;
}
