import { Worker } from '@temporalio/worker';
import { createLog } from '../../packages/runtime/src/log.ts';
import { installRuntime } from '../../packages/worker/src/sdk-log.ts';
import { workflowBundle } from '../../packages/worker/src/workflow-bundle.ts';
import type { History } from './manifest.ts';
import { SHOP_WORKFLOWS } from '../the-shop.ts';

/** A history, or a part of one, to be replayed under its workflow's id. */
export interface ToReplay {
  readonly workflowId: string;
  readonly history: History;
}

/** Replays histories with the code at hand. @returns which do not replay, in words */
export const notReplaying = async (histories: Iterable<ToReplay>): Promise<readonly string[]> => {
  const log = createLog('replay', 'fatal');
  installRuntime(log);
  const replay = Worker.runReplayHistories({ workflowBundle: await workflowBundle(log, SHOP_WORKFLOWS) }, histories);
  const wrong: string[] = [];
  for await (const { workflowId, error } of replay) {
    if (error) wrong.push(`${workflowId} does not replay: ${error.message}`);
  }
  return wrong;
};
