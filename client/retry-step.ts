import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { RetryRequest, SagaUpdate } from '../contracts/saga-messages.ts';
import type { SagaView } from '../contracts/saga-view.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { updateSaga } from './update-saga.ts';

const RETRY = 'retry' satisfies SagaUpdate;

export type RetriedStep =
  | { readonly outcome: 'retried'; readonly view: SagaView }
  | 'not-parked'
  | 'closed'
  | 'other-step'
  | 'unknown';

/**
 * Takes a parked step up again (S6). The same `updateId` acts once, and answers again what it answered; `other-step` when that
 * was for another step.
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

/** Whether an Update of that id has been taken by a saga before. */
export const wasTaken = async (client: Client, id: string, updateId: string): Promise<boolean> => {
  try {
    await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(id).getUpdateHandle(updateId).result());
    return true;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return true;
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
};
