import type { Client } from '@temporalio/client';
import { countRun } from '../testing/counts/count-run.ts';

/** What a run cost Temporal, mean of a sample. `bytes`: of its history, as the server counts. */
export interface RunCounts {
  readonly events: number;
  readonly workflowTasks: number;
  readonly stateTransitions: number;
  readonly bytes: number;
}

/** Of runs that have closed. */
export const countRuns = async (client: Client, workflowIds: readonly string[]): Promise<RunCounts> => {
  const counted = await Promise.all(
    workflowIds.map(async (workflowId) => {
      const handle = client.workflow.getHandle(workflowId);
      const [{ events, workflowTasks, stateTransitions }, { historySize }] = await Promise.all([
        countRun(handle),
        handle.describe(),
      ]);
      return { events, workflowTasks, stateTransitions, bytes: historySize ?? Number.NaN };
    }),
  );
  const mean = (of: keyof RunCounts): number => counted.reduce((sum, one) => sum + one[of], 0) / counted.length;
  return {
    events: mean('events'),
    workflowTasks: mean('workflowTasks'),
    stateTransitions: mean('stateTransitions'),
    bytes: mean('bytes'),
  };
};
