import type { SagaView } from '@amends/contracts';
import {
  findSaga,
  initialView,
  isRecovery,
  viewFromStart,
  viewFound,
  viewOfClose,
  waitForEnd,
} from '@amends/client/internal';
import type { EndOfRun, StartedSaga, SagaTemporal } from '@amends/client/internal';
import { isUnavailable } from '@amends/contracts/internal';

/** Of a run that may still wait for a worker: its start, and its first task, scheduled and taken. */
const FIRST_TASK_EVENTS = 3;

/**
 * The view with which a start is answered: a new saga's is known without a worker; one that was waited for, or had started
 * before, is asked. One that closes while it is waited for has told all that there is as it closed.
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
  const end = wait ? await waitForEnd(temporal, started.id, wait * 1_000) : undefined;
  const closed = fresh?.version === 0 && end ? viewAtEnd(temporal, end, input) : undefined;
  if (closed) return closed;
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

/** Of a saga that has run in one run of its own. Closing is one more change of its version. */
const viewAtEnd = (temporal: SagaTemporal, { event, isFirst }: EndOfRun, input: unknown): SagaView | undefined => {
  const view = isFirst ? viewOfClose(temporal, [event], input) : undefined;
  const { seconds, nanos } = event.eventTime ?? {};
  const closedAt = new Date(Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1_000_000)).toISOString();
  return view && { ...view, closedAt, version: view.version + 1 };
};
