import { mapFromPayloads } from '@temporalio/common';
import { parseSagaId } from '@amends/contracts';
import { recoveredBy, recoveryId } from '@amends/contracts/internal';
import type { Swept } from '@amends/contracts/internal';
import type { Log, TimesTable } from '@amends/runtime/internal';
import type { SagaTemporal } from '../known-sagas.ts';
import { bounded, CALL_DEADLINE_MS } from '../bounded.ts';
import { recoverSaga } from './recover-saga.ts';
import { killedRunOf } from '../views/recovered-view.ts';
import { KILLED_RUNS, oneOf } from '../views/saga-filter.ts';
import { tellSuperseded } from './tell-superseded.ts';

const PAGE = 100;
const AT_ONCE = 10;

/**
 * Begins the recovery of every killed saga that nobody recovers yet (S14). Sweeping twice, also at once, begins each once. A saga that
 * fails keeps no other from being swept; it is told, and tried again by the next sweep. A recovery run that its saga has left behind, by a reset,
 * is told to look.
 *
 * @param times AMENDS_TIMES, for the recovery runs
 * @param signal ends the sweep early: the next one does the rest
 * @throws Unavailable when Temporal does not answer
 */
export const sweepKilledSagas = async (
  client: SagaTemporal,
  { times, log, signal }: { times: TimesTable; log: Log; signal?: AbortSignal },
): Promise<Swept> => {
  const recover = async (id: string): Promise<keyof Swept | undefined> => {
    try {
      if (!(await recoverSaga(client, id, times))) return undefined;
      log.warn({ saga: id }, 'a killed saga: its recovery has begun');
      return 'begun';
    } catch (error) {
      log.error({ err: error, saga: id }, 'a killed saga cannot be recovered yet: the next sweep tries again');
      return 'failed';
    }
  };
  const outcomes: (keyof Swept | undefined)[] = [];
  for await (const ids of killedSagas(client)) {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      signal?.throwIfAborted();
      outcomes.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map(recover))));
    }
  }
  for await (const id of withoutCatalog(client)) {
    log.error(
      { saga: id },
      'a killed saga cannot be recovered: its type is not in the catalog; put it back until it is recovered',
    );
    outcomes.push('failed');
  }
  await tellSuperseded(client, { log, signal });
  const count = (outcome: keyof Swept): number => outcomes.filter((one) => one === outcome).length;
  return { begun: count('begun'), failed: count('failed') };
};

/** The ids of killed sagas that nobody can recover: their type was taken out of the catalog. What never had a saga's status is none. */
async function* withoutCatalog(client: SagaTemporal): AsyncGenerator<string> {
  const query = `NOT ${oneOf('WorkflowType', [...client.sagas.catalog.keys()])} AND SagaStatus IS NOT NULL AND ${KILLED_RUNS}`;
  const told = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query })) {
    const id = recoveredBy(workflowId) ?? workflowId;
    if (!parseSagaId(id) || told.has(id)) continue;
    told.add(id);
    yield id;
  }
}

/** The ids of sagas that may have to be recovered, page by page; Temporal's index is a little late, so each is to be looked at. */
export async function* killedSagas(client: SagaTemporal, before?: Date): AsyncGenerator<readonly string[]> {
  const since = before ? ` AND CloseTime < '${before.toISOString()}'` : '';
  const killed = `${oneOf('WorkflowType', [...client.sagas.catalog.keys()])} AND ${KILLED_RUNS}${since}`;
  for (let token: Uint8Array | undefined; ;) {
    const page = await listRuns(client, killed, token);
    const sagas = new Map<string, ListedRun | undefined>();
    for (const run of page.runs) {
      const id = recoveredBy(run.workflowId) ?? run.workflowId;
      if (!parseSagaId(id)) continue;
      const latest = sagas.get(id);
      const isLatest = id === run.workflowId && run.startedMs >= (latest?.startedMs ?? 0);
      sagas.set(id, isLatest ? run : latest);
    }
    yield await withoutRecovered(client, sagas);
    token = page.next;
    if (!token?.length) return;
  }
}

/** Those whose latest killed run has no recovery run that lives or has come to its end. */
const withoutRecovered = async (
  client: SagaTemporal,
  sagas: ReadonlyMap<string, ListedRun | undefined>,
): Promise<readonly string[]> => {
  if (sagas.size === 0) return [];
  const recoveries = oneOf('WorkflowId', [...sagas.keys()].map(recoveryId));
  const recovered = new Set<string>();
  for (let token: Uint8Array | undefined; ;) {
    const page = await listRuns(client, `${recoveries} AND NOT (${KILLED_RUNS})`, token);
    for (const { killedRun } of page.runs) if (killedRun !== undefined) recovered.add(killedRun);
    token = page.next;
    if (!token?.length) break;
  }
  return [...sagas].flatMap(([id, latest]) => (latest && recovered.has(latest.runId) ? [] : [id]));
};

interface ListedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedMs: number;
  /** Of a recovery run: the run that it recovers. */
  readonly killedRun: string | undefined;
}

const listRuns = async (
  client: SagaTemporal,
  query: string,
  nextPageToken: Uint8Array | undefined,
): Promise<{ readonly runs: readonly ListedRun[]; readonly next: Uint8Array | undefined }> => {
  const page = await bounded(client, CALL_DEADLINE_MS, () =>
    client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      query,
      pageSize: PAGE,
      ...(nextPageToken && { nextPageToken }),
    }),
  );
  const { payloadConverter } = client.options.loadedDataConverter;
  const runs = page.executions.map(({ execution, startTime, memo }) => ({
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    killedRun: killedRunOf(mapFromPayloads(payloadConverter, memo?.fields)),
    startedMs: Number(startTime?.seconds ?? 0) * 1_000 + (startTime?.nanos ?? 0) / 1_000_000,
  }));
  return { runs, next: page.nextPageToken ?? undefined };
};
