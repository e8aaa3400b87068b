import { mapFromPayloads } from '@temporalio/common';
import type { ChildOfSaga } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { eventsOfRuns, isNotFound } from './events-of-runs.ts';
import { oneOf } from '../views/saga-filter.ts';
import { readStart } from '../views/view-from-start.ts';

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

/** Of the latest run, and of those that it continues, or was reset from; one that was deleted tells nothing. */
async function* childrenInHistory(client: SagaTemporal, parent: string): AsyncGenerator<ChildOfSaga> {
  for await (const event of eventsOfRuns(client, parent)) {
    const begun = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (!begun?.workflowId) continue;
    const memo = mapFromPayloads(client.options.loadedDataConverter.payloadConverter, begun.memo?.fields);
    const step = memo?.['step'];
    if (typeof step !== 'string') continue;
    const startedAt = new Date(Number(event.eventTime?.seconds ?? 0) * 1_000).toISOString();
    yield { id: begun.workflowId, saga: begun.workflowType?.name ?? '', step, startedAt };
  }
}

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
