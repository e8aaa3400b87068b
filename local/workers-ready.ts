import { Connection, type ConnectionOptions } from '@temporalio/client';
import { SAGA_TASK_QUEUE } from '../contracts/task-queues.ts';
import type { Child } from './child.ts';

/** As the server's protocol numbers it. */
const WORKFLOW_QUEUE = 1;
const CONNECT_TIMEOUT_MS = 5_000;

/** Whether that very worker process asks Temporal for work: its pollers are named `<pid>@<host>`. */
export const workersReady =
  (connectionOptions: ConnectionOptions, namespace: string) =>
  async ({ identity: { pid } }: Child): Promise<void> => {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
    try {
      const { pollers } = await connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: SAGA_TASK_QUEUE },
        taskQueueType: WORKFLOW_QUEUE,
      });
      if (!pollers?.some(({ identity }) => identity?.startsWith(`${pid}@`))) throw new Error('it asks for no work yet');
    } finally {
      await connection.close();
    }
  };
