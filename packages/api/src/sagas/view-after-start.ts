import type { SagaView } from '@amends/contracts';
import { findSaga, isRecovery, initialView, viewFromStart, viewFound, waitForEnd } from '@amends/client/internal';
import type { StartedSaga, SagaTemporal } from '@amends/client/internal';
import { isUnavailable } from '@amends/contracts/internal';

/** Of a run that may still wait for a worker: its start, and its first task, scheduled and taken. */
const FIRST_TASK_EVENTS = 3;

/**
 * The view with which a start is answered: a new saga's is known without a worker; one that was waited for, or had started
 * before, is asked.
 *
 * @param wait seconds to wait for its end; undefined: not at all
 * @throws Unavailable when a saga that had started before cannot be asked
 */
export const viewAfterStart = async (
  temporal: SagaTemporal,
  { started, input, wait }: { started: StartedSaga; input: unknown; wait: number | undefined },
): Promise<SagaView | undefined> => {
  const fresh =
    started.outcome === 'started'
      ? { ...initialView(temporal.sagas, started.id, input, started.start), version: started.version }
      : undefined;
  if (fresh && wait === undefined) return fresh;
  if (wait) await waitForEnd(temporal, started.id, wait * 1_000);
  const found = await findSaga(temporal, started.id);
  if (!found) return fresh;
  if (!isRecovery(found.run) && found.run.historyLength <= FIRST_TASK_EVENTS) {
    const { view, untouched } = await viewFromStart(temporal, found.run);
    if (untouched) return view;
  }
  try {
    const { view, unavailable } = await viewFound(temporal, found);
    if (!unavailable) return view;
    const isUntouched = view.version >= 0;
    if (isUntouched) return fresh ?? view;
    throw unavailable;
  } catch (error) {
    if (fresh && isUnavailable(error)) return fresh;
    throw error;
  }
};
