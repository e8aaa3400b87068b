import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { wholeHistory } from '../packages/testing/src/reading/whole-history.ts';

/** Resets a workflow's latest run, as `temporal workflow reset --type LastWorkflowTask` does, or to its first task. @returns the new run's id */
export const resetToTask = async (
  client: Client,
  workflowId: string,
  which: 'last' | 'first' = 'last',
): Promise<string> => {
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  const { events } = await wholeHistory(client, workflowId, runId);
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const task = tasks.at(which === 'last' ? -1 : 0);
  if (!task?.eventId) throw new Error(`no worker has completed a task of ${workflowId}`);
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: task.eventId,
  });
  return reset.runId;
};
