import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Cause } from '@amends/contracts';
import type { AwaitedSaga, SagaToAwait } from '@amends/contracts/internal';

const CANCELLED: Cause = { step: null, outcome: 'cancelled', code: 'cancelled', message: 'cancelled' };

/** Waits for the end of a saga that was started for a step of another; one that was not is told at once. */
export const awaitSaga = async (client: Client, { id, parent, step }: SagaToAwait): Promise<AwaitedSaga> => {
  const saga = client.workflow.getHandle(id);
  if (!(await isStartedBy(client, { id, parent, step }))) return { end: 'foreign' };
  try {
    return { end: 'completed', result: await saga.result() };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return { end: 'undone', cause: CANCELLED };
    if (cause instanceof ApplicationFailure && cause.type === 'SagaCompensated') {
      return { end: 'undone', cause: cause.details?.[0] as Cause };
    }
    return { end: 'killed' };
  }
};

/** Whether a saga was started for that step of that parent. */
export const isStartedBy = async (client: Client, { id, parent, step }: SagaToAwait): Promise<boolean> => {
  const { memo } = await client.workflow.getHandle(id).describe();
  return memo?.['parent'] === parent && memo['step'] === step;
};
