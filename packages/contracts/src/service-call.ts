import type { Operation } from './operation.ts';

/** What a service is asked: an action (`do`), or one of the participant's own routes. */
export type ServiceOperation = 'do' | 'undo' | 'settle' | 'seal';

/** The one argument of every activity that calls a service, whatever its type is called. */
export interface ServiceCall {
  readonly op: ServiceOperation;
  readonly service: string;
  /** The contract's action; empty for `seal`, which concerns the whole saga. */
  readonly action: string;
  /** `Idempotency-Key`: `<saga id>/<step>[:<instance>]`, or the saga's id for `seal`. */
  readonly key: string;
  /** `Saga-Started`: RFC 3339. */
  readonly startedAt: string;
  /** The action's input; of an undo an operator's corrected input; of a seal the cursor of a further part; else null. */
  readonly input: unknown;
  /** It is not to be asked again: an outsider's that knows no keys. Whether nothing was sent is then a failure of its own, `NotSent`. */
  readonly once?: true;
  /** Requests that the fast lane has sent before: attempts are counted across both lanes (S2). */
  readonly attemptsBefore: number;
  /** Whatever goes wrong is asked again: Temporal's retry decides how long. */
  readonly untilAnswered?: true;
}

/** What such an activity answers: the service's answer and in which attempt it came, counted from 1 across both lanes. */
export interface ServiceAnswer<T = unknown> {
  readonly answer: T;
  readonly attempt: number;
}

/** Of an operation the engine needs only this. */
export type SealedOperation = Pick<Operation, 'key' | 'step' | 'instance' | 'action' | 'state' | 'startedAt'>;

/** What a seal answers: a part of the participant's list; `next` is the cursor of a further one, null where it is complete. */
export interface SealedPart {
  readonly items: readonly SealedOperation[];
  readonly next: string | null;
}

/**
 * Types of the failures with which such an activity ends. `Refused`: a business no. `Final`: unknown, and no lane asks again: an answer
 * that is over the limit after its effect (S15); an undo, a settle or a seal that the service refuses. `Unknown`: it may or may not have
 * happened, repeating is in vain; the fast lane hands it over all the same. `Unavailable`: not now, repeated within the budget. In the fast lane whatever is not to be repeated at once (`Retry-After`, an
 * open breaker, an answer over `FAST_ANSWER_MAX_BYTES`) is an `Unavailable` that is not retryable: the engine hands it over.
 *
 * `NotSent`, of a call `once`: no connection, an open breaker, no contract here; nothing has happened.
 *
 * The first detail is the attempt: requests sent so far, across both lanes (a request that an open breaker held back is none). The
 * second is a {@link RefusalDetail} where it is `Refused`, a {@link LaterDetail} where the fast lane hands over, or it is `NotSent`.
 */
export type ServiceFailureType = 'Refused' | 'Final' | 'Unknown' | 'Unavailable' | 'NotSent';

/** When a service that was asked in the fast lane is to be asked again: milliseconds from now, up to the cap; 0: at once. */
export interface LaterDetail {
  readonly retryInMs: number;
}

/**
 * Heartbeat details of such an activity in the durable lane: how many of its attempts so far sent nothing, because an open breaker held
 * them back. They go with the failure of the attempt that was held back, reach every later attempt, and show in `pendingActivities` of a
 * description, where `attempt` less `notSent` is what was sent in this lane, or is about to be. None: 0.
 */
export interface HeldBackDetails {
  readonly notSent: number;
}

export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  /** The saga is sealed or expired at that participant: no key of it is ever done there any more. */
  readonly forGood?: true;
}
