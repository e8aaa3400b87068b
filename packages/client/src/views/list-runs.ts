import type { WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';

/** A page of runs as Temporal's index has them; `next` continues after it, and is null at the end. */
export interface RunPage {
  readonly runs: readonly WorkflowExecutionInfo[];
  readonly next: Uint8Array | null;
}

/** @throws Unavailable when Temporal does not answer */
export const listRuns = async (
  client: SagaTemporal,
  { query, pageSize, from }: { query: string; pageSize: number; from: Uint8Array | null },
): Promise<RunPage> => {
  const { namespace, loadedDataConverter } = client.options;
  const page = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.listWorkflowExecutions({
      namespace,
      query,
      pageSize,
      ...(from && { nextPageToken: from }),
    }),
  );
  return {
    runs: await Promise.all(
      page.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
    ),
    next: page.nextPageToken?.length ? page.nextPageToken : null,
  };
};
