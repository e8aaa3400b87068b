import { mapFromPayloads, WorkflowNotFoundError } from '@temporalio/common';
import type { ChildOfSaga } from '@amends/contracts/internal';
import type { SagaTemporal } from './known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { oneOf } from './saga-filter.ts';
import { readStart } from './view-from-start.ts';

/**
 * The sagas that one has started, whether they live or have ended: as the histories of its runs say, and as Temporal's index knows. The
 * index is late, by a second or, under load, by more; of a saga that was deleted it is all there is.
 *
 * @throws Unavailable when Temporal does not answer
 */
export const childrenOf = async (client: SagaTemporal, parent: string): Promise<readonly ChildOfSaga[]> => {
  const children = new Map((await childrenInIndex(client, parent)).map((child) => [child.id, child]));
  for await (const child of childrenInHistory(client, parent))
    if (!children.has(child.id)) children.set(child.id, child);
  return [...children.values()];
};

const childrenInIndex = async (client: SagaTemporal, parent: string): Promise<readonly ChildOfSaga[]> => {
  const children: ChildOfSaga[] = [];
  const query = `${oneOf('ParentWorkflowId', [parent])} AND ${oneOf('WorkflowType', [...client.sagas.catalog.keys()])}`;
  for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
    const run = await client.workflow.getHandle(workflowId, runId).describe();
    const { start } = await readStart(client, run);
    const step = run.memo?.['step'];
    // what another workflow has started by hand is no step of it
    if (typeof step !== 'string') continue;
    children.push({ id: workflowId, saga: type, step, startedAt: start.startedAt });
  }
  return children;
};

/** More runs than a saga of a 10,000-step loop has, resets included. */
const RUNS_AT_MOST = 100;

/** Of the latest run, and of those that it continues, or was reset from; one that was deleted tells nothing. */
async function* childrenInHistory(client: SagaTemporal, parent: string): AsyncGenerator<ChildOfSaga> {
  const runs: (string | undefined)[] = [undefined];
  for (let nth = 0; nth < runs.length && nth < RUNS_AT_MOST; nth++) {
    for await (const event of historyOf(client, parent, runs[nth])) {
      const before =
        event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ??
        event.workflowTaskFailedEventAttributes?.baseRunId;
      if (before && !runs.includes(before)) runs.push(before);
      const begun = event.startChildWorkflowExecutionInitiatedEventAttributes;
      if (!begun?.workflowId) continue;
      const memo = mapFromPayloads(client.options.loadedDataConverter.payloadConverter, begun.memo?.fields);
      const step = memo?.['step'];
      if (typeof step !== 'string') continue;
      const startedAt = new Date(Number(event.eventTime?.seconds ?? 0) * 1_000).toISOString();
      yield { id: begun.workflowId, saga: begun.workflowType?.name ?? '', step, startedAt };
    }
  }
}

async function* historyOf(client: SagaTemporal, workflowId: string, runId: string | undefined) {
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
const isNotFound = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || (error instanceof Error && 'code' in error && error.code === NOT_FOUND);

/** What a saga's latest run was started with; null when it is not there any more. @throws Unavailable when Temporal does not answer */
export const inputOf = async (client: SagaTemporal, id: string): Promise<unknown> => {
  try {
    const run = await bounded(client, CALL_DEADLINE_MS, () => client.workflow.getHandle(id).describe());
    return (await readStart(client, run)).input;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
};
