import type { Client } from '@temporalio/client';
import { parseSagaId } from '@amends/contracts';
import { recoveredBy, recoveryId } from '@amends/contracts/internal';
import type { Swept } from '@amends/contracts/internal';
import type { Log } from '@amends/runtime/internal';
import type { TimesTable } from '@amends/runtime/internal';
import { bounded, CALL_DEADLINE_MS } from './bounded.ts';
import { catalog } from './catalog.ts';
import { recoverSaga } from './recover-saga.ts';
import { KILLED_RUNS, oneOf } from './saga-filter.ts';

const PAGE = 100;
const AT_ONCE = 10;

/**
 * Begins the recovery of every killed saga that nobody recovers yet (S14). Sweeping twice, also at once, begins each once. A saga that
 * fails keeps no other from being swept; it is told, and tried again by the next sweep.
 *
 * @param times AMENDS_TIMES, for the recovery runs
 * @param signal ends the sweep early: the next one does the rest
 * @throws Unavailable when Temporal does not answer
 */
export const sweepKilledSagas = async (
  client: Client,
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
  const count = (outcome: keyof Swept): number => outcomes.filter((one) => one === outcome).length;
  return { begun: count('begun'), failed: count('failed') };
};

/** The ids of sagas that may have to be recovered, page by page; Temporal's index is a little late, so each is to be looked at. */
async function* killedSagas(client: Client): AsyncGenerator<readonly string[]> {
  const killed = `${oneOf('WorkflowType', [...catalog.keys()])} AND ${KILLED_RUNS}`;
  for (let token: Uint8Array | undefined; ;) {
    const page = await listRuns(client, killed, token);
    const sagas = new Map<string, number>();
    for (const { workflowId, startedMs } of page.runs) {
      const id = recoveredBy(workflowId) ?? workflowId;
      if (parseSagaId(id)) sagas.set(id, Math.max(sagas.get(id) ?? 0, startedMs));
    }
    yield await withoutRecovered(client, sagas);
    token = page.next;
    if (!token?.length) return;
  }
}

/** Those without a recovery run that lives or has come to its end, and is not older than what was killed. */
const withoutRecovered = async (client: Client, sagas: ReadonlyMap<string, number>): Promise<readonly string[]> => {
  if (sagas.size === 0) return [];
  const recoveries = oneOf('WorkflowId', [...sagas.keys()].map(recoveryId));
  const recovered = new Set<string>();
  for (let token: Uint8Array | undefined; ;) {
    const page = await listRuns(client, `${recoveries} AND NOT (${KILLED_RUNS})`, token);
    for (const { workflowId, startedMs } of page.runs) {
      const id = recoveredBy(workflowId) ?? workflowId;
      if (startedMs >= (sagas.get(id) ?? 0)) recovered.add(id);
    }
    token = page.next;
    if (!token?.length) break;
  }
  return [...sagas.keys()].filter((id) => !recovered.has(id));
};

interface ListedRun {
  readonly workflowId: string;
  readonly startedMs: number;
}

const listRuns = async (
  client: Client,
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
  const runs = page.executions.map(({ execution, startTime }) => ({
    workflowId: execution?.workflowId ?? '',
    startedMs: Number(startTime?.seconds ?? 0) * 1_000 + (startTime?.nanos ?? 0) / 1_000_000,
  }));
  return { runs, next: page.nextPageToken ?? undefined };
};
