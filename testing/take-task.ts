import type { Client } from '@temporalio/client';
import { SAGA_TASK_QUEUE } from '../packages/contracts/src/protocol/task-queues.ts';

/** Commands as the server's protocol numbers them. */
export const COMMAND = { startTimer: 3, failWorkflow: 5, upsertSearchAttributes: 13 } as const;
const POLL_MS = 10_000;

/** Of failed tasks: the answer was too large to be sent, for which the server ends the run. */
const GRPC_MESSAGE_TOO_LARGE = 36;

/** Completes the first task of a saga that waits by hand, as no code of ours would, in a namespace where no worker polls. */
export const takeTask = async (client: Client, commands: readonly object[]): Promise<void> => {
  const { by, taskToken } = await pollTask(client);
  await client.workflowService.respondWorkflowTaskCompleted({ ...by, taskToken, commands: [...commands] });
};

/** Fails it likewise, so that the server kills the saga. */
export const failTask = async (client: Client): Promise<void> => {
  const { by, taskToken } = await pollTask(client);
  await client.workflowService.respondWorkflowTaskFailed({ ...by, taskToken, cause: GRPC_MESSAGE_TOO_LARGE });
};

const pollTask = async (client: Client) => {
  const by = { namespace: client.options.namespace, identity: 'a test' };
  const { taskToken } = await client.withDeadline(Date.now() + POLL_MS, () =>
    client.workflowService.pollWorkflowTaskQueue({ ...by, taskQueue: { name: SAGA_TASK_QUEUE } }),
  );
  return { by, taskToken };
};
