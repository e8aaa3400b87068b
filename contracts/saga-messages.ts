import type { SagaView } from './saga-view.ts';

/** The names by which a running saga is spoken to; whoever writes one of them writes it `satisfies` this. */
export type SagaQuery = 'view';
export type SagaUpdate = 'cancel' | 'retry';

export interface CancelRequest {
  readonly actor: string;
  readonly reason: string;
}

export interface RetryRequest {
  readonly actor: string;
  readonly reason: string;
  /** `name` or `name:instance` of a step, or `seal:<service>`, or `flow`. */
  readonly step: string;
}

/**
 * Failure types with which a saga refuses an Update; the API makes 409 of them. (What is no request at all is refused as `Malformed`:
 * only a person who writes one by hand can send it.)
 */
export type UpdateRefusal = 'PastPivot' | 'Closed' | 'NotParked';

/** Every Update and the query answer this. */
export type SagaAnswer = SagaView;
