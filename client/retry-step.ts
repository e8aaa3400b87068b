import type { Client } from '@temporalio/client';
import type { RetryRequest, SagaUpdate } from '../contracts/saga-messages.ts';
import type { SagaView } from '../contracts/saga-view.ts';
import { updateSaga } from './update-saga.ts';

const RETRY = 'retry' satisfies SagaUpdate;

export type RetriedStep =
  | { readonly outcome: 'retried'; readonly view: SagaView }
  | 'not-parked'
  | 'closed'
  | 'unknown';

/**
 * Takes a parked step up again (S6). The same `updateId` acts once, and answers again what it answered.
 *
 * @throws Unavailable when Temporal or a worker did not answer: repeat it
 */
export const retryStep = async (
  client: Client,
  { id, updateId, step, actor, reason }: { id: string; updateId?: string } & RetryRequest,
): Promise<RetriedStep> => {
  const request: RetryRequest = { actor, reason, step };
  const answer = await updateSaga(client, {
    id,
    update: RETRY,
    request,
    ...(updateId !== undefined && { updateId }),
  });
  if (typeof answer === 'object') return { outcome: 'retried', view: answer };
  return answer === 'past-pivot' ? 'not-parked' : answer;
};
