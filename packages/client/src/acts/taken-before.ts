import { WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { recoveryId } from '@amends/contracts/internal';
import type { UpdateTaken } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import type { FoundSaga } from '../views/find-saga.ts';
import { oneOf } from '../views/saga-filter.ts';

/** More than a saga of a 10,000-step loop has. */
const RUNS_AT_MOST = 100;

/**
 * What a saga has taken under an update id; undefined when nothing. A run knows only its own Updates, so the runs before it are asked
 * too: those that continued as new (S18), and the killed one that is recovered.
 *
 * @throws Unavailable
 */
export const takenBefore = async (
  client: SagaTemporal,
  { id, run, killed }: FoundSaga,
  updateId: string,
): Promise<UpdateTaken | undefined> => {
  const taken = await takenBy(client, run, updateId);
  const isFirst = run.raw.workflowExecutionInfo?.firstRunId === run.runId && killed === null;
  if (taken || isFirst) return taken;
  const { executions } = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      query: oneOf('WorkflowId', [id, recoveryId(id)]),
      pageSize: RUNS_AT_MOST,
    }),
  );
  for (const { execution } of executions) {
    const { workflowId, runId } = execution ?? {};
    if (!workflowId || !runId || runId === run.runId) continue;
    const earlier = await takenBy(client, { workflowId, runId }, updateId);
    if (earlier) return earlier;
  }
  return undefined;
};

const takenBy = async (
  client: SagaTemporal,
  { workflowId, runId }: { workflowId: string; runId: string },
  updateId: string,
): Promise<UpdateTaken | undefined> => {
  const update = client.workflow.getHandle(workflowId, runId).getUpdateHandle<UpdateTaken>(updateId);
  try {
    return await bounded(client, CALL_DEADLINE_MS, () => update.result());
  } catch (error) {
    // one that was accepted and failed has changed nothing: the run tells why once more
    if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
