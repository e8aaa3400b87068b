import type { Client } from '@temporalio/client';
import { SAGA_TASK_QUEUE } from '../contracts/task-queues.ts';

/** Commands as the server's protocol numbers them. */
export const COMMAND = { startTimer: 3, failWorkflow: 5, upsertSearchAttributes: 13 } as const;
const POLL_MS = 10_000;

/** Completes the first task of a saga that waits by hand, as no code of ours would, in a namespace where no worker polls. */
export const takeTask = async (client: Client, commands: readonly object[]): Promise<void> => {
  const { workflowService, options } = client;
  const by = { namespace: options.namespace, identity: 'a test' };
  const { taskToken } = await client.withDeadline(Date.now() + POLL_MS, () =>
    workflowService.pollWorkflowTaskQueue({ ...by, taskQueue: { name: SAGA_TASK_QUEUE } }),
  );
  await workflowService.respondWorkflowTaskCompleted({ ...by, taskToken, commands: [...commands] });
};
