import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { SagaTemporal } from '../known-sagas.ts';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { EventMessage, SagaSignal } from '@amends/contracts/internal';
import { isEarly } from '../starts/begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { findSaga, isRecovery } from '../views/find-saga.ts';
import { hasTaken } from '../recovery/has-taken.ts';

const EVENT = 'event' satisfies SagaSignal;

/**
 * `signalled`: Temporal has the event durably in the saga's history. `taken`: the saga has ended, or was killed, and had that event before.
 * `closed`: it has ended without. `unknown`: there is none.
 */
export type SignalledSaga = 'signalled' | 'taken' | 'closed' | 'unknown';

/**
 * Tells a saga of an event (S11). Told twice of one event, the saga counts it once, by its id and source.
 *
 * @throws Unavailable when Temporal did not answer: the saga may or may not have been told; repeat it
 */
export const signalSaga = async (
  client: SagaTemporal,
  { id, event }: { id: string; event: EventMessage },
): Promise<SignalledSaga> => {
  const found = await findSaga(client, id);
  if (!found) return 'unknown';
  if (found.run.closeTime || isRecovery(found.run)) return ended(client, found.killed ?? found.run, event);
  try {
    await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(id).signal<[EventMessage]>(EVENT, event));
    return 'signalled';
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const now = await findSaga(client, id);
    return now ? ended(client, now.killed ?? now.run, event) : 'unknown';
  }
};

/** One that only waited for its start has taken nothing. */
const ended = async (
  client: SagaTemporal,
  run: WorkflowExecutionDescription,
  event: EventMessage,
): Promise<'taken' | 'closed'> =>
  !isRecovery(run) && !isEarly(run) && (await hasTaken(client, run, event)) ? 'taken' : 'closed';
