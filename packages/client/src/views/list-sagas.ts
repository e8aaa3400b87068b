import type { WorkflowExecutionInfo } from '@temporalio/client';
import { parseSagaId, SagaStatus } from '@amends/contracts';
import { recoveredBy, recoveryId, type SagaSummary } from '@amends/contracts/internal';
import type { KnownSagas, SagaTemporal } from '../known-sagas.ts';
import { isEarly } from '../starts/begin-early.ts';
import { isKilled } from './closing.ts';
import { listRuns } from './list-runs.ts';
import { deadlineOf, listedOf } from './listed.ts';
import { holds, oneOf, visibilityQuery, type SagaFilter } from './saga-filter.ts';
import { SAGA_STATUS, SAGA_STEP } from './search-attributes.ts';

/** More runs than this of one page's sagas are not looked at: each reset leaves one behind. */
const OTHER_RUNS_MAX = 1_000;

/** One page of sagas, newest first; `next` continues after it, and is null at the end. */
export interface SagaPage {
  readonly items: readonly SagaSummary[];
  readonly next: Uint8Array | null;
}

/**
 * Lists sagas as Temporal's index and their memos have them: no worker is asked, and the index is about a second late. A page may hold fewer
 * than `limit` and yet have a next one.
 *
 * An older run of a saga (a reset leaves one behind) is passed over for the latest. A killed saga is listed once, as its recovery run has
 * it; among those of one status it stands where its recovery began. A recovery run that its saga has left behind is listed by its own id as long as it lives.
 *
 * @param from `next` of the page before, of the same filter
 * @throws Unavailable when Temporal does not answer
 */
export const listSagas = async (
  client: SagaTemporal,
  { filter, limit, from }: { filter: SagaFilter; limit: number; from: Uint8Array | null },
): Promise<SagaPage> => {
  const page = await listRuns(client, { query: visibilityQuery(client.sagas, filter), pageSize: limit, from });
  const others = await otherRuns(client, page.runs, holdsLaterRuns(filter, from));
  const items = page.runs
    .map((run) => summaryOf(client.sagas, run, others.get(sagaOf(run)) ?? [], filter))
    .filter((item) => item !== undefined)
    .filter((item) => holds(filter, item));
  return { items, next: page.next };
};

type Run = WorkflowExecutionInfo;

const sagaOf = ({ workflowId }: Run): string => recoveredBy(workflowId) ?? workflowId;
const isRecovery = ({ workflowId }: Run): boolean => recoveredBy(workflowId) !== undefined;

/**
 * Whether a page has, of each of its sagas, every run that came later: the index is ordered by the time of closing, open runs first, so they
 * stand before it; a filter leaves them out unless it holds for all runs of a saga, or for the later ones.
 */
const holdsLaterRuns = ({ status, before }: SagaFilter, from: Uint8Array | null): boolean =>
  from === null && status === undefined && before === undefined;

/**
 * A run that lives speaks for its saga; of any other what came after it is asked for, unless the page has it, and of a recovery run what came
 * before it: of all at once.
 */
const otherRuns = async (
  client: SagaTemporal,
  runs: readonly Run[],
  hasLater: boolean,
): Promise<ReadonlyMap<string, readonly Run[]>> => {
  const asked = [...new Set(runs.filter((run) => isRecovery(run) || (run.closeTime && !hasLater)).map(sagaOf))];
  if (asked.length === 0) return bySaga(runs);
  const query = `${oneOf('WorkflowId', [...asked, ...asked.map(recoveryId)])} AND ExecutionStatus != 'ContinuedAsNew'`;
  const page = await listRuns(client, { query, pageSize: OTHER_RUNS_MAX, from: null });
  return bySaga([...runs.filter((run) => !asked.includes(sagaOf(run))), ...page.runs]);
};

const bySaga = (runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> => {
  const found = new Map<string, Run[]>();
  for (const run of runs) found.set(sagaOf(run), [...(found.get(sagaOf(run)) ?? []), run]);
  return found;
};

const latest = (runs: readonly Run[]): Run | undefined =>
  runs.reduce<Run | undefined>((one, run) => (one && one.startTime > run.startTime ? one : run), undefined);

/** Undefined when the saga is listed by another of its runs, or the run is none of a saga. */
const summaryOf = (
  sagas: KnownSagas,
  run: Run,
  others: readonly Run[],
  { status }: SagaFilter,
): SagaSummary | undefined => {
  const own = latest(others.filter((one) => !isRecovery(one)));
  const recovery = latest(others.filter(isRecovery));
  if (!isRecovery(run)) {
    if (own !== undefined && own.runId !== run.runId && own.startTime >= run.startTime) return undefined;
    if (!isKilled(run) || recovery === undefined || !recovers(recovery, run))
      return summary(sagas, run, run.workflowId);
    return status === undefined ? summary(sagas, recovery, run.workflowId) : undefined;
  }
  if (recovery !== undefined && recovery.runId !== run.runId && recovery.startTime >= run.startTime) return undefined;
  if (own === undefined) return summary(sagas, run, sagaOf(run));
  if (recovers(run, own)) return status === undefined ? undefined : summary(sagas, run, sagaOf(run));
  return run.closeTime ? undefined : summary(sagas, run, run.workflowId);
};

/** Whether a recovery run was begun for that run of its saga: it says so in its memo. */
const recovers = ({ memo, startTime }: Run, own: Run): boolean => {
  const killed = memo?.['killedRun'];
  return typeof killed === 'string' ? killed === own.runId : startTime >= own.startTime;
};

const summary = (sagas: KnownSagas, run: Run, id: string): SagaSummary | undefined => {
  const { saga, key } = parseSagaId(id) ?? {};
  if (saga === undefined || key === undefined) return undefined;
  const listed = listedOf(run.memo, run.startTime);
  const status = isKilled(run) ? 'killed' : statusOf(run);
  return {
    id,
    saga,
    key,
    status,
    step: status === 'parked' ? (run.typedSearchAttributes.get(SAGA_STEP) ?? null) : null,
    startedAt: listed.startedAt,
    closedAt: run.closeTime?.toISOString() ?? null,
    deadlineAt: deadlineOf(sagas, saga, listed, isEarly(run)),
    trigger: listed.trigger,
    again: null,
  };
};

/** One that was started by hand and that no worker has touched has written none yet. */
const statusOf = (run: Run): SagaStatus =>
  SagaStatus.catch(isRecovery(run) ? 'compensating' : 'running').parse(run.typedSearchAttributes.get(SAGA_STATUS));
