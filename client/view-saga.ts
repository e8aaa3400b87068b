import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { SagaQuery } from '../contracts/saga-messages.ts';
import { SagaView } from '../contracts/saga-view.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { withClosing } from './closing.ts';
import { findSaga } from './find-saga.ts';
import { withPendingCalls } from './pending-calls.ts';
import { isUnavailable } from './unavailable.ts';
import { untouchedView } from './untouched-view.ts';

const VIEW = 'view' satisfies SagaQuery;

/**
 * A saga as everybody sees it, open or closed, as long as Temporal keeps its history; undefined when there is none.
 *
 * @throws Unavailable when Temporal does not answer, or no worker does
 */
export const viewSaga = async (client: Client, id: string): Promise<SagaView | undefined> => {
  const run = await findSaga(client, id);
  return run && viewRun(client, run);
};

/**
 * The view of a run that has just been described, so that what had closed by then is in the query's answer too. A run that
 * was ended before any worker saw it answers no query ever; its start tells all there is.
 */
export const viewRun = async (client: Client, run: WorkflowExecutionDescription): Promise<SagaView> => {
  try {
    const told = await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflow.getHandle(run.workflowId, run.runId).query<unknown>(VIEW),
    );
    return withClosing(withPendingCalls(SagaView.parse(told), run), run);
  } catch (error) {
    const untouched = isUnavailable(error) && run.closeTime ? await untouchedView(client, run) : undefined;
    if (untouched) return untouched;
    throw error;
  }
};
