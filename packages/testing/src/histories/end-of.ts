import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { SagaEnd } from '@amends/contracts';

/** How a run ended, as Temporal has it (S16); resolves when it has. A query would need a worker, and may be lost at the run's very end. */
export const endOf = async (handle: WorkflowHandle): Promise<SagaEnd> => {
  try {
    await handle.result();
    return 'completed';
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (cause instanceof CancelledFailure) return 'cancelled';
    if (cause instanceof ApplicationFailure && cause.type === 'SagaCompensated') return 'compensated';
    throw error;
  }
};
