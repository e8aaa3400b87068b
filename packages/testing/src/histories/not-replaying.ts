import { Worker } from '@temporalio/worker';
import { createLog } from '@amends/runtime';
import { installRuntime, replayWithoutCallStacks, workflowBundle } from '@amends/worker/internal';
import type { History } from './manifest.ts';

/** A history, or a part of one, to be replayed under its workflow's id. */
export interface ToReplay {
  readonly workflowId: string;
  readonly history: History;
}

/** Replays histories with the workflows of that file. @returns which do not replay, in words */
export const notReplaying = async (
  workflowsFile: string,
  histories: Iterable<ToReplay>,
): Promise<readonly string[]> => {
  const log = createLog('replay', 'fatal');
  installRuntime(log);
  replayWithoutCallStacks();
  const replay = Worker.runReplayHistories({ workflowBundle: await workflowBundle(log, workflowsFile) }, histories);
  const wrong: string[] = [];
  for await (const { workflowId, error } of replay) {
    if (error) wrong.push(`${workflowId} does not replay: ${error.message}`);
  }
  return wrong;
};
