import type { Client } from '@temporalio/client';
import type { Log } from '@amends/runtime/internal';
import { SWEEP_WORKFLOW } from './ensure-sweep-schedule.ts';

const KEPT_MS = 10 * 60 * 1_000;
const AT_MOST = 100;

/**
 * Deletes sweeps that ended more than ten minutes ago, a hundred at most: by the minute, they would bury the sagas in the Web UI's list for as
 * long as Temporal keeps closed workflows. Where that is not allowed they stay.
 */
export const forgetSweeps = async (client: Client, log: Log, keptMs = KEPT_MS): Promise<void> => {
  const { workflowService, options } = client;
  const { namespace } = options;
  const before = new Date(Date.now() - keptMs).toISOString();
  try {
    const { executions } = await workflowService.listWorkflowExecutions({
      namespace,
      query: `WorkflowType = '${SWEEP_WORKFLOW}' AND CloseTime < '${before}'`,
      pageSize: AT_MOST,
    });
    await Promise.all(
      executions.map(({ execution }) =>
        workflowService.deleteWorkflowExecution({ namespace, workflowExecution: execution ?? null }),
      ),
    );
  } catch (error) {
    log.debug({ err: error }, 'old sweeps cannot be deleted');
  }
};
