import type { Operation } from './operation.ts';
import type { SagaEventData } from './events.ts';

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
  /** The action's input; null for the others. */
  readonly input: unknown;
}

/** What such an activity answers: the service's answer and in which attempt it came. */
export interface ServiceAnswer<T = unknown> {
  readonly answer: T;
  readonly attempt: number;
}

/** Of an operation the engine needs only this; a seal's answer is complete, all its pages in one. */
export type SealedOperation = Pick<Operation, 'key' | 'step' | 'instance' | 'action' | 'state' | 'startedAt'>;

/**
 * Types of the failures with which such an activity ends. `Refused`: a business no, final; `Unknown`: it may or may not have
 * happened, repeating is in vain; `Unavailable`: not now, repeated within the budget. The first detail is the attempt, the
 * second a {@link RefusalDetail} where it is `Refused`.
 */
export type ServiceFailureType = 'Refused' | 'Unknown' | 'Unavailable';

export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
}

/** The one argument of the activity `publishSagaEvent`. `id` is deterministic, so that a repeat is no second event. */
export interface SagaEventToPublish {
  readonly id: string;
  readonly type: string;
  readonly data: SagaEventData;
}
