import type { Client } from '@temporalio/client';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { replayWithoutCallStacks } from '@amends/worker/internal';
import { historyInBrief } from './history-in-brief.ts';

/** Replays every history of a namespace; answers in words which do not, each with its events. */
export const replayAll = async (client: Client, bundle: WorkflowBundleWithSourceMap): Promise<readonly string[]> => {
  const histories = async function* () {
    for await (const { workflowId, runId } of client.workflow.list()) {
      yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
    }
  };
  replayWithoutCallStacks();
  const wrong: string[] = [];
  for await (const { workflowId, runId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories())) {
    if (error === undefined) continue;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    wrong.push(`the history of ${workflowId} does not replay: ${error.message}\n${historyInBrief(history)}`);
  }
  return wrong;
};
