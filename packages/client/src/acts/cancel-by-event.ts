import type { WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { CancelMessage, SagaSignal } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { isEarly } from '../starts/begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { findSaga, isRecovery } from '../views/find-saga.ts';

const CANCEL = 'cancel' satisfies SagaSignal;

/**
 * `taken`: Temporal has the cancel durably in the saga's history, or the saga has ended as cancelled; what comes too late for an open saga the
 * saga itself tells. `closed`: it has ended otherwise, or was killed. `unknown`: there is none.
 */
export type CancelledByEvent = 'taken' | 'closed' | 'unknown';

/**
 * Has an event cancel a saga (S9), by a signal: nobody waits for the saga, nor for a pivot that is in flight. Repeating it is harmless.
 *
 * @throws Unavailable when Temporal did not answer: repeat it
 */
export const cancelByEvent = async (
  client: SagaTemporal,
  { id, message }: { id: string; message: CancelMessage },
): Promise<CancelledByEvent> => {
  const found = await findSaga(client, id);
  if (!found) return 'unknown';
  if (isRecovery(found.run)) return 'closed';
  if (found.run.closeTime) return endedCancelled(found.run) ? 'taken' : 'closed';
  try {
    await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflow.getHandle(id).signal<[CancelMessage]>(CANCEL, message),
    );
    return 'taken';
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const ended = (await findSaga(client, id))?.run;
    return ended && endedCancelled(ended) ? 'taken' : 'closed';
  }
};

/** A run to which what starts the saga did not come ends as cancelled too, and has no saga that could have been. */
export const endedCancelled = (run: WorkflowExecutionDescription): boolean =>
  run.status.name === 'CANCELLED' && !isEarly(run) && !isRecovery(run);
