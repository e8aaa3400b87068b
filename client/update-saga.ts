import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { CancelRequest, RetryRequest, SagaUpdate, UpdateRefusal } from '../contracts/saga-messages.ts';
import { SagaView } from '../contracts/saga-view.ts';
import { bounded } from './bounded.ts';

/** A living worker accepts or refuses within its workflow task timeout (5 s), also when the task before it was lost. */
const ACCEPT_DEADLINE_MS = 10_000;
/** An accepted cancel waits for a pivot in flight. */
const RESULT_DEADLINE_MS = 20_000;

const REFUSALS = { PastPivot: 'past-pivot', Closed: 'closed', NotParked: 'not-parked' } as const satisfies Record<
  UpdateRefusal,
  string
>;
type Refused = (typeof REFUSALS)[UpdateRefusal];

/**
 * Sends an Update to a saga; one that was sent before under the same id answers what it answered then.
 *
 * @throws Unavailable
 */
export const updateSaga = async (
  client: Client,
  {
    id,
    update,
    updateId,
    request,
  }: { id: string; update: SagaUpdate; updateId?: string; request: CancelRequest | RetryRequest },
): Promise<SagaView | Refused | 'unknown'> => {
  const saga = client.workflow.getHandle(id);
  try {
    const accepted = await bounded(client, ACCEPT_DEADLINE_MS, () =>
      saga.startUpdate<unknown, [CancelRequest | RetryRequest]>(update, {
        args: [request],
        waitForStage: 'ACCEPTED',
        ...(updateId !== undefined && { updateId }),
      }),
    );
    return SagaView.parse(await bounded(client, RESULT_DEADLINE_MS, () => accepted.result()));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      const refusal = REFUSALS[error.cause.type as UpdateRefusal] as Refused | undefined;
      if (refusal) return refusal;
    }
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
};
