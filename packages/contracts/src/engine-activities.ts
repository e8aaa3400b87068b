import type { CarriedEvent } from './carried-event.ts';
import type { SagaEventData } from './saga-events.ts';
import type { Cause } from './saga-view.ts';

/** The first argument of the activity `engine:publishEvent`, before a ClosingView that it answers. `id` is deterministic, so that a repeat is no second event. */
export interface SagaEventToPublish {
  readonly id: string;
  readonly type: string;
  readonly data: SagaEventData;
}

/** The one argument of the activities `engine:awaitSaga` and `engine:isStartedBy`: a saga's id, and for whom and which of its steps it should have been started. */
export interface SagaToAwait {
  readonly id: string;
  readonly parent: string;
  readonly step: string;
}

/** What became of it. `undone`: nothing of it is left. `foreign`: it was not started for that step. `killed`: nobody
 * knows what it has done: it was killed, or its workflow was deleted. */
export type AwaitedSaga =
  | { readonly end: 'completed'; readonly result: unknown }
  | { readonly end: 'undone'; readonly cause: Cause }
  | { readonly end: 'foreign' }
  | { readonly end: 'killed' };

/** One of what the activity `engine:childrenOf` answers: a saga that another has started, for which of its steps (`undo …` of an undo). */
export interface ChildOfSaga {
  readonly id: string;
  readonly saga: string;
  readonly step: string;
  readonly startedAt: string;
}

/** Why a cancel came too late for its saga. `undoing`: while the saga was undone for another cause. */
export type CancelLate = 'past-pivot' | 'closed' | 'undoing';

/** Why an event came too late for its saga. `not-awaited`: the saga has had another of its type, or did not wait for it (any more). */
export type LateWhy = CancelLate | 'not-awaited';

/** The one argument of the activity `engine:tellLate`: an event of which its saga could make no use (any more). */
export interface LateEventToTell extends CarriedEvent {
  readonly saga: string;
  readonly why: LateWhy;
}
