import type { Client } from '@temporalio/client';
import type { CancelRequest, SagaUpdate } from '../contracts/saga-messages.ts';
import type { SagaView } from '../contracts/saga-view.ts';
import { updateSaga } from './update-saga.ts';

const CANCEL = 'cancel' satisfies SagaUpdate;

/**
 * `cancelled`: the saga has taken the cancel, now or before, and undoes (or has undone) everything. `past-pivot`: it is past
 * its point of no return and goes on. `closed`: it has ended otherwise. `unknown`: there is no such saga.
 */
export type CancelledSaga =
  | { readonly outcome: 'cancelled'; readonly view: SagaView }
  | 'past-pivot'
  | 'closed'
  | 'unknown';

/**
 * Cancels a saga (S9); repeating it is harmless, as its Update has a fixed id. While the pivot is in flight the answer waits
 * for its outcome.
 *
 * @throws Unavailable when Temporal or a worker did not answer, or the pivot has not ended in time: repeat it
 */
export const cancelSaga = async (
  client: Client,
  { id, actor, reason }: { id: string } & CancelRequest,
): Promise<CancelledSaga> => {
  const request: CancelRequest = { actor, reason };
  const answer = await updateSaga(client, { id, update: CANCEL, updateId: CANCEL, request });
  if (typeof answer === 'object') return { outcome: 'cancelled', view: answer };
  return answer === 'not-parked' || answer === 'other-step' ? 'closed' : answer;
};
