import { WorkflowFailedError } from '@temporalio/client';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded } from '../bounded.ts';
import { isUnavailable } from '@amends/contracts/internal';

/** Waits until a saga has closed, whatever its end, at most so long; out of time or out of reach is no error. */
export const waitForEnd = async (client: SagaTemporal, id: string, withinMs: number): Promise<void> => {
  try {
    await bounded(client, withinMs, () => client.workflow.getHandle(id).result());
  } catch (error) {
    if (!(error instanceof WorkflowFailedError) && !isUnavailable(error)) throw error;
  }
};
