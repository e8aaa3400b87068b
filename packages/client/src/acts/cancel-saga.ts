import type { CancelRequest } from '@amends/contracts/internal';
import type { SagaView } from '@amends/contracts';
import type { SagaTemporal } from '../known-sagas.ts';
import { endedCancelled } from './cancel-by-event.ts';
import { findSaga } from '../views/find-saga.ts';
import { isRefused } from './refused.ts';
import { updateSaga } from './update-saga.ts';
import { viewFound } from '../views/view-saga.ts';

/** A saga has one cancel, however often it is asked for. */
const CANCEL_ID = 'cancel';

/**
 * `cancelled`: the saga has taken the cancel, now or before, and undoes (or has undone) everything. `past-pivot`: it is past
 * its point of no return and goes on. `undoing`: it is undone already, for another cause, which `detail` says. `closed`: it has ended
 * otherwise, or was killed. `unknown`: there is no such saga.
 */
export type CancelledSaga =
  | { readonly outcome: 'cancelled'; readonly view: SagaView }
  | { readonly outcome: 'undoing'; readonly detail: string | undefined }
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
  client: SagaTemporal,
  { id, actor, reason }: { id: string } & CancelRequest,
): Promise<CancelledSaga> => {
  const answer = await updateSaga(client, { id, update: 'cancel', updateId: CANCEL_ID, request: { actor, reason } });
  if (!isRefused(answer)) return { outcome: 'cancelled', view: answer.view };
  if (answer.refused === 'not-found') return 'unknown';
  if (answer.refused === 'past-pivot') return 'past-pivot';
  if (answer.refused === 'undoing') return { outcome: 'undoing', detail: answer.detail };
  const found = await findSaga(client, id);
  if (!found || !endedCancelled(found.run)) return 'closed';
  return { outcome: 'cancelled', view: (await viewFound(client, found)).view };
};
