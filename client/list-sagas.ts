import type { Client } from '@temporalio/client';
import type { SagaList } from '../contracts/saga-view.ts';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { findSaga } from './find-saga.ts';
import { holds, visibilityQuery, type SagaFilter } from './saga-filter.ts';
import { viewRun } from './view-saga.ts';

/** Views are read from the workers, so many at once. */
const VIEWS_AT_ONCE = 10;

/** One page of sagas, newest first; `next` continues after it, and is null at the end. */
export interface SagaPage {
  readonly items: SagaList['items'];
  readonly next: Uint8Array | null;
}

/**
 * Lists sagas from Temporal's index, each with its view of now; a page may hold fewer than `limit` and yet have a next one.
 * An older run of a saga (a reset leaves one behind) is passed over for the latest.
 *
 * @param from `next` of the page before, of the same filter
 * @throws Unavailable when Temporal does not answer, or no worker does
 */
export const listSagas = async (
  client: Client,
  { filter, limit, from }: { filter: SagaFilter; limit: number; from: Uint8Array | null },
): Promise<SagaPage> => {
  const page = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      query: visibilityQuery(filter),
      pageSize: limit,
      ...(from && { nextPageToken: from }),
    }),
  );
  const runs = page.executions.flatMap(({ execution }) =>
    execution?.workflowId && execution.runId ? [{ id: execution.workflowId, runId: execution.runId }] : [],
  );
  const items: SagaPage['items'] = [];
  for (let at = 0; at < runs.length; at += VIEWS_AT_ONCE) {
    const found = await Promise.all(runs.slice(at, at + VIEWS_AT_ONCE).map((run) => viewListed(client, run)));
    items.push(...found.flatMap((item) => (item && holds(filter, item) ? [item] : [])));
  }
  return { items, next: page.nextPageToken?.length ? page.nextPageToken : null };
};

const viewListed = async (
  client: Client,
  { id, runId }: { id: string; runId: string },
): Promise<SagaPage['items'][number] | undefined> => {
  const run = await findSaga(client, id);
  if (run?.runId !== runId) return undefined;
  const { steps: _, ...item } = await viewRun(client, run);
  return item;
};
