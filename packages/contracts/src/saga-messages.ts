import type { SagaStart } from './saga-start.ts';

/** The names by which a running saga is spoken to; whoever writes one of them writes it `satisfies` this. */
export type SagaQuery = 'view';
export type SagaUpdate = 'cancel' | 'retry' | 'skip' | 'resolve' | 'approve';
export type SagaSignal = 'event' | 'begin';

export interface CancelRequest {
  readonly actor: string;
  readonly reason: string;
}

/** An act on a parked step (S6). `step`: `name` or `name:instance`, or `seal:<service>`, or `flow`. */
interface StepRequest extends CancelRequest {
  readonly step: string;
}

/** Tries again. `input`: a corrected one, an object: the action's own, or the body of an undo. A seal, a settle and `flow` take none. */
export interface RetryRequest extends StepRequest {
  readonly input?: unknown;
}

/** Goes on without it: an undo that is not needed, a retriable step, a seal. Not the pivot. */
export type SkipRequest = StepRequest;

/**
 * Somebody has done it by hand. `output`: what a step past the point gives to the flow, or `flow` as the saga's result. `outcome`: of the
 * pivot alone, and needed there (and for `flow` in a recovery run): whether it was done.
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

export type SagaRequest = CancelRequest | RetryRequest | SkipRequest | ResolveRequest | ApproveRequest;

/** The one argument of the signal `event`: an event of the saga's key, for the step that waits, or will wait, for its type. */
export interface EventMessage {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
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
 * ended. `NotParked`: of an act on such a step. `NotAllowed`: the step is parked, but that act is none for it (a pivot is not skipped).
 * `NotWaiting`: an approval that has been answered. `NoSuchStep`: the definition has none of that name. `Malformed`: the request is none.
 */
export type UpdateRefusal =
  | 'PastPivot'
  | 'Closed'
  | 'NotParked'
  | 'NotAllowed'
  | 'NotWaiting'
  | 'NoSuchStep'
  | 'Malformed';

/** Every Update answers what it has taken: a repeat under the same update id answers the same. */
export interface UpdateTaken {
  readonly action: SagaUpdate;
  /** The step, or the approval's name; null for a cancel. */
  readonly step: string | null;
}
