import { type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { Cause } from '@amends/contracts';
import type { AwaitedSaga, SagaToAwait } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';

const CANCELLED: Cause = { step: null, outcome: 'cancelled', code: 'cancelled', message: 'cancelled' };

/**
 * How a saga that was started for a step of another has ended; undefined while it has not. Never waits.
 *
 * @throws Unavailable
 */
export const endOfSaga = async (client: SagaTemporal, wanted: SagaToAwait): Promise<AwaitedSaga | undefined> => {
  const run = await describe(client, wanted.id);
  if (!run) return { end: 'killed' };
  if (!isFor(run, wanted)) return { end: 'foreign' };
  if (!run.closeTime) return undefined;
  try {
    const saga = client.workflow.getHandle(run.workflowId, run.runId);
    return { end: 'completed', result: await bounded(client, CALL_DEADLINE_MS, () => saga.result()) };
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

/** Whether a saga was started for that step of that parent; of one that was deleted nobody else can say that it is his. @throws Unavailable */
export const isStartedBy = async (client: SagaTemporal, wanted: SagaToAwait): Promise<boolean> => {
  const run = await describe(client, wanted.id);
  return !run || isFor(run, wanted);
};

const isFor = ({ memo }: WorkflowExecutionDescription, { parent, step }: SagaToAwait): boolean =>
  memo?.['parent'] === parent && memo['step'] === step;

const describe = async (client: SagaTemporal, id: string): Promise<WorkflowExecutionDescription | undefined> => {
  try {
    return await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(id).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
