import type { SagaEventToPublish } from '@amends/contracts/internal';
import { parseSagaId, SagaEnd } from '@amends/contracts';
import { recoveredBy } from '@amends/contracts/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { EARLY_MEMO } from '../starts/begin-early.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { findSaga } from '../views/find-saga.ts';
import { oneOf } from '../views/saga-filter.ts';
import { viewFound } from '../views/view-saga.ts';

const PAGE = 100;

/** The event with which a saga has told its end, and the run that did. */
export interface EndOfSaga {
  readonly event: SagaEventToPublish;
  readonly runId: string;
}

/**
 * The end events of the sagas that closed between `after` and `before`, as they told them, but for `at`, which is when they closed. One that
 * never began has told nobody anything.
 *
 * @throws Unavailable when Temporal does not answer, or no worker does
 */
export async function* endedSagas(
  client: SagaTemporal,
  { after, before }: { readonly after: Date; readonly before: Date },
): AsyncGenerator<EndOfSaga> {
  const query = `${oneOf('WorkflowType', [...client.sagas.catalog.keys()])} AND ${oneOf('SagaStatus', SagaEnd.options)}
    AND CloseTime > '${after.toISOString()}' AND CloseTime < '${before.toISOString()}' AND ExecutionStatus != 'ContinuedAsNew'`;
  const seen = new Set<string>();
  for (let token: Uint8Array | undefined; ;) {
    const page = await bounded(client, CALL_DEADLINE_MS, () =>
      client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query,
        pageSize: PAGE,
        ...(token && { nextPageToken: token }),
      }),
    );
    for (const { execution } of page.executions) {
      const id = recoveredBy(execution?.workflowId ?? '') ?? execution?.workflowId ?? '';
      if (seen.has(id)) continue;
      seen.add(id);
      const end = await endOf(client, id);
      if (end) yield end;
    }
    token = page.nextPageToken ?? undefined;
    if (!token?.length) return;
  }
}

const endOf = async (client: SagaTemporal, id: string): Promise<EndOfSaga | undefined> => {
  const found = await findSaga(client, id);
  const { saga, key } = parseSagaId(id) ?? {};
  if (!found?.run.closeTime || saga === undefined || key === undefined) return undefined;
  if (found.run.memo?.['early'] === EARLY_MEMO.early) return undefined;
  const { view, unavailable } = await viewFound(client, found);
  if (unavailable) throw unavailable;
  const status = SagaEnd.safeParse(view.status).data;
  if (status === undefined) return undefined;
  const { result, cause } = view;
  const at = found.run.closeTime.toISOString();
  return {
    event: {
      id: `${id}/${status}`,
      type: `${saga}.${status}.v1`,
      data: { sagaId: id, saga, key: view.key, status, result, cause, at },
    },
    runId: found.run.runId,
  };
};
