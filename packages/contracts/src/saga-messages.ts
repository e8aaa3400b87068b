import type { CarriedEvent } from './carried-event.ts';
import type { SagaStart } from './saga-start.ts';

/** The names by which a running saga is spoken to; whoever writes one of them writes it `satisfies` this. */
export type SagaQuery = 'view';
export type SagaUpdate = 'cancel' | 'retry' | 'skip' | 'resolve' | 'approve';
export type SagaSignal = 'event' | 'begin' | 'look' | 'cancel';

export interface CancelRequest {
  readonly actor: string;
  readonly reason: string;
}

/** An act on a parked step (S6). `step`: `name` or `name:instance`, or `seal:<service>`, or `flow`. */
interface StepRequest extends CancelRequest {
  readonly step: string;
}

/**
 * Tries again; what was refused, under the step's next key. `input`: a corrected one, an object: the action's own, or the body of an undo.
 * Without it what was sent last is sent again: the corrected one, once there is one. A seal, a settle and `flow` take none.
 */
export interface RetryRequest extends StepRequest {
  readonly input?: unknown;
}

/** Goes on without it: an undo that is not needed, a retriable step, a seal. Not the pivot. */
export type SkipRequest = StepRequest;

/**
 * Somebody has done it by hand. `output`: what a step past the point gives to the flow, or `flow` as the saga's result. `outcome`: of the
 * pivot, and needed there (and for `flow` in a recovery run), and of a `flow` that is past its point though sealed (default done).
 */
export interface ResolveRequest extends StepRequest {
  readonly output?: unknown;
  readonly outcome?: 'done' | 'not-done';
}

/** A person's answer to the approval step of that name. */
export interface ApproveRequest extends CancelRequest {
  readonly name: string;
  readonly decision: 'approved' | 'denied';
}

/** Beside every Update that an HTTP request becomes; what a person sends by hand has none. */
export interface UpdateGuards {
  /** A fingerprint of the decision or the input: what the same update id may be repeated with. */
  readonly asked?: string;
  /** For which version of which run it is. */
  readonly expected?: ExpectedVersion;
}

/** A run's own count of changes; both are compared, since a reset counts again from where it goes back to. */
export interface ExpectedVersion {
  readonly run: string;
  readonly version: number;
}

export type SagaRequest = CancelRequest | RetryRequest | SkipRequest | ResolveRequest | ApproveRequest;

/**
 * The one argument of the signal `event`: an event of the saga's key, for the step that waits, or will wait, for its type. Nobody waits for
 * the answer: what the saga has no use for, it tells as late itself. `data`: as its newest version has it; `event`: as it came.
 */
export interface EventMessage {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: unknown;
  readonly event: CarriedEvent;
}

/**
 * The one argument of the signal `cancel`: an event cancels the saga (S9). Nobody waits for the answer: when it came too late, the saga
 * itself tells the event as late.
 */
export interface CancelMessage extends CancelRequest {
  readonly event: CarriedEvent;
}

/**
 * The one argument of the signal `begin`: what starts a saga of which something came early (E4). The first in the run's history stands.
 * `token` tells it from every other; `memo` becomes the saga's own.
 */
export interface BeginMessage {
  readonly token: string;
  readonly input: unknown;
  readonly start: SagaStart;
  readonly memo: Readonly<Record<string, unknown>>;
}

/**
 * Failure types with which a saga refuses an Update; nothing of it has happened. `PastPivot`, `Closed`: of a cancel, or once the saga has
 * ended. `Undoing`: of a cancel, while the saga is undone for another cause. `NotParked`: of an act on such a step. `NotAllowed`: the step is parked, but that act is none for it (a pivot is not skipped).
 * `VersionMismatch`: the saga has changed since. `NotWaiting`: an approval that has been answered. `NoSuchStep`: the definition has none of that name. `Malformed`: the request is none.
 */
export type UpdateRefusal =
  | 'PastPivot'
  | 'Closed'
  | 'Undoing'
  | 'NotParked'
  | 'NotAllowed'
  | 'NotWaiting'
  | 'VersionMismatch'
  | 'NoSuchStep'
  | 'Malformed';

/** Every Update answers what it has taken: a repeat under the same update id answers the same. */
export interface UpdateTaken {
  readonly action: SagaUpdate;
  /** The step, or the approval's name; null for a cancel. */
  readonly step: string | null;
  /** As {@link UpdateGuards} had it. */
  readonly asked?: string;
}
