import type { Client } from '@temporalio/client';
import { recoveredBy } from '@amends/contracts/internal';
import type { SagaView } from '@amends/contracts';
import type { SagaList } from '@amends/contracts/internal';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { findSaga } from './find-saga.ts';
import { holds, visibilityQuery, type SagaFilter } from './saga-filter.ts';
import { viewFound, type ViewedSaga } from './view-saga.ts';

/** Views are read from the workers, so many at once: a page of the usual size in one go. */
const VIEWS_AT_ONCE = 20;

/** One page of sagas, newest first; `next` continues after it, and is null at the end. */
export interface SagaPage {
  readonly items: SagaList['items'];
  readonly next: Uint8Array | null;
}

/**
 * Lists sagas from Temporal's index, each with its view of now; a page may hold fewer than `limit` and yet have a next one.
 * An older run of a saga (a reset leaves one behind) is passed over for the latest. A killed saga is listed once, as its recovery
 * run has it; among those of one status it stands where its recovery began. A saga that cannot be asked is listed with what its
 * start tells.
 *
 * @param from `next` of the page before, of the same filter
 * @throws Unavailable when Temporal does not answer, or no worker does for any of the page
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
  const viewed: ViewedSaga[] = [];
  for (let at = 0; at < runs.length; at += VIEWS_AT_ONCE) {
    const found = await Promise.all(runs.slice(at, at + VIEWS_AT_ONCE).map((run) => viewListed(client, run, filter)));
    viewed.push(...found.filter((each) => each !== undefined));
  }
  const unavailable = viewed.every((each) => each.unavailable) ? viewed[0]?.unavailable : undefined;
  if (unavailable) throw unavailable;
  const items = viewed.filter(({ view }) => holds(filter, view)).map(({ view }) => withoutSteps(view));
  return { items, next: page.nextPageToken?.length ? page.nextPageToken : null };
};

/** Undefined when the saga is listed by another of its runs. */
const viewListed = async (
  client: Client,
  { id, runId }: { id: string; runId: string },
  { status }: SagaFilter,
): Promise<ViewedSaga | undefined> => {
  const found = await findSaga(client, recoveredBy(id) ?? id);
  if (!found) return undefined;
  const listedBy = status === undefined ? (found.killed ?? found.run) : found.run;
  return listedBy.runId === runId ? viewFound(client, found) : undefined;
};

const withoutSteps = (view: SagaView): SagaPage['items'][number] => {
  const { steps: _, ...item } = view;
  return item;
};
