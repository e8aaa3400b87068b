import type { Client } from '@temporalio/client';
import { eventsOfRuns } from './events-of-runs.ts';

/**
 * Whether a saga's run, or one that it continues, was reset: then more has been done than it knows of.
 *
 * @throws Unavailable when Temporal does not answer
 */
export const wasReset = async (client: Client, workflowId: string, runId: string): Promise<boolean> => {
  for await (const event of eventsOfRuns(client, workflowId, runId))
    if (event.workflowTaskFailedEventAttributes?.baseRunId) return true;
  return false;
};
