import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { SagaQuery } from '../contracts/saga-messages.ts';
import { SagaView } from '../contracts/saga-view.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { withClosing } from './closing.ts';
import { findSaga } from './find-saga.ts';
import { withPendingCalls } from './pending-calls.ts';
import { isUnavailable, type Unavailable } from './unavailable.ts';
import { viewFromStart } from './view-from-start.ts';

const VIEW = 'view' satisfies SagaQuery;

/** `unavailable`: no worker answered, and the view is only what its start tells. */
export interface ViewedRun {
  readonly view: SagaView;
  readonly unavailable?: Unavailable;
}

/**
 * A saga as everybody sees it, open or closed, as long as Temporal keeps its history; undefined when there is none.
 *
 * @throws Unavailable when Temporal does not answer, or no worker does
 */
export const viewSaga = async (client: Client, id: string): Promise<SagaView | undefined> => {
  const run = await findSaga(client, id);
  if (!run) return undefined;
  const { view, unavailable } = await viewRun(client, run);
  if (unavailable) throw unavailable;
  return view;
};

/**
 * The view of a run that has just been described, so that what had closed by then is in the query's answer too. Of a run whose
 * query fails (its code does not replay, its task fails again and again), or that was ended before any worker saw it, its
 * start tells what can be known.
 *
 * @throws Unavailable when Temporal does not answer
 */
export const viewRun = async (client: Client, run: WorkflowExecutionDescription): Promise<ViewedRun> => {
  try {
    const told = await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflow.getHandle(run.workflowId, run.runId).query<unknown>(VIEW),
    );
    return { view: withClosing(withPendingCalls(SagaView.parse(told), run), run) };
  } catch (error) {
    const { view, untouched } = await viewFromStart(client, run);
    const isAllThereIs = !isUnavailable(error) || (untouched && run.closeTime !== undefined);
    return isAllThereIs ? { view } : { view, unavailable: error };
  }
};
