import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';

/** More runs than a saga of a 10,000-step loop has, resets included. */
const RUNS_AT_MOST = 100;

/**
 * The events of a workflow's run, the latest without `runId`, and of those that it continues, or was reset from; a run that was deleted has none.
 *
 * @throws Unavailable when Temporal does not answer
 */
export async function* eventsOfRuns(client: Client, workflowId: string, runId?: string) {
  const runs: (string | undefined)[] = [runId];
  for (let nth = 0; nth < runs.length && nth < RUNS_AT_MOST; nth++) {
    for await (const event of eventsOf(client, workflowId, runs[nth])) {
      const before =
        event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ??
        event.workflowTaskFailedEventAttributes?.baseRunId;
      if (before && !runs.includes(before)) runs.push(before);
      yield event;
    }
  }
}

async function* eventsOf(client: Client, workflowId: string, runId: string | undefined) {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const token = nextPageToken;
    try {
      const page = await bounded(client, CALL_DEADLINE_MS, () =>
        client.workflowService.getWorkflowExecutionHistory({
          namespace,
          execution: { workflowId, ...(runId !== undefined && { runId }) },
          nextPageToken: token,
        }),
      );
      yield* page.history?.events ?? [];
      ({ nextPageToken } = page);
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
  } while (nextPageToken.length > 0);
}

const NOT_FOUND = 5;

/** Temporal does not have it, or not any more. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || (error instanceof Error && 'code' in error && error.code === NOT_FOUND);
