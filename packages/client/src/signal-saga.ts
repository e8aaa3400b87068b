import { WorkflowNotFoundError } from '@temporalio/common';
import type { EventMessage, SagaSignal } from '@amends/contracts/internal';
import type { SagaTemporal } from './known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { findSaga, isRecovery } from './find-saga.ts';

const EVENT = 'event' satisfies SagaSignal;

/** `signalled`: Temporal has the event durably in the saga's history. `closed`: the saga has ended, or was killed. `unknown`: there is none. */
export type SignalledSaga = 'signalled' | 'closed' | 'unknown';

/**
 * Tells a saga of an event (S11). Told twice of one event, the saga counts it once, by its id.
 *
 * @throws Unavailable when Temporal did not answer: the saga may or may not have been told; repeat it
 */
export const signalSaga = async (
  client: SagaTemporal,
  { id, event }: { id: string; event: EventMessage },
): Promise<SignalledSaga> => {
  const found = await findSaga(client, id);
  if (!found) return 'unknown';
  if (found.run.closeTime || isRecovery(found.run)) return 'closed';
  try {
    await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(id).signal<[EventMessage]>(EVENT, event));
    return 'signalled';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'closed';
    throw error;
  }
};
