// Replays every history of a namespace, and says as JSON which do not; a process of its own: a test has no native runtime.
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createLog } from '../../platform/log.ts';
import { installRuntime } from '../../workers/sdk-log.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { historyInBrief } from './history-in-brief.ts';
import type { WorkerProcessArgument } from './worker-process.ts';

const { address, namespace } = JSON.parse(process.argv[2] ?? '{}') as WorkerProcessArgument;
const log = createLog('matrix replay', 'error');
installRuntime(log);
const connection = await Connection.connect({ address });
const client = new Client({ connection, namespace });

const histories = async function* () {
  for await (const { workflowId, runId } of client.workflow.list()) {
    yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
  }
};
const replayed = Worker.runReplayHistories({ workflowBundle: await workflowBundle(log) }, histories());
const wrong: string[] = [];
for await (const { workflowId, runId, error } of replayed) {
  if (error === undefined) continue;
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  wrong.push(`the history of ${workflowId} does not replay: ${error.message}\n${historyInBrief(history)}`);
}
await connection.close();
process.stdout.write(JSON.stringify(wrong));
