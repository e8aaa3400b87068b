import { Connection, type ConnectionOptions } from '@temporalio/client';
import { SAGA_TASK_QUEUE } from '@amends/contracts/internal';

/** As the server's protocol numbers it. */
const WORKFLOW_QUEUE = 1;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Passes when a worker asks Temporal for sagas to run.
 *
 * @param isOurs tells it by its identity, `<pid>@<host>`
 * @throws when none does
 */
export const workersReady = async (
  connectionOptions: ConnectionOptions,
  namespace: string,
  isOurs: (identity: string) => boolean,
): Promise<void> => {
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: SAGA_TASK_QUEUE },
      taskQueueType: WORKFLOW_QUEUE,
    });
    if (!pollers?.some(({ identity }) => isOurs(identity ?? ''))) throw new Error('it asks for no work yet');
  } finally {
    await connection.close();
  }
};
