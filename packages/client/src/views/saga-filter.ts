import { sagaId } from '@amends/contracts';
import { recoveryId } from '@amends/contracts/internal';
import type { SagaStatus } from '@amends/contracts';
import type { SagaSummary } from '@amends/contracts/internal';
import type { KnownSagas } from '../known-sagas.ts';
import { KILLED_BY, OPEN_STATUSES } from './closing.ts';

/** Which sagas to list; all that is given must hold. `after` and `before` (exclusive) compare `startedAt`. */
export interface SagaFilter {
  readonly saga?: string | undefined;
  readonly status?: SagaStatus | undefined;
  readonly key?: string | undefined;
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
}

/** `startedAt` is taken by whoever starts a saga, the index has the server's time: they may differ by as much. */
const CLOCK_SKEW_MS = 60_000;

/** A string as a visibility query's literal: nothing in it can end the literal. */
export const literal = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
export const oneOf = (attribute: string, values: readonly string[]): string =>
  `${attribute} IN (${values.map(literal).join(', ')})`;

/** Runs that were ended without the saga having come to its end; some of them are recovered. */
export const KILLED_RUNS = `${oneOf('ExecutionStatus', KILLED_BY)} AND (${oneOf('SagaStatus', OPEN_STATUSES)} OR SagaStatus IS NULL)`;

/** A run that continues, recovers or resets a saga begins later than the saga; one that was started by hand does not say when it began. */
const startedBefore = (at: Date): string => `(SagaStartedAt < ${literal(at.toISOString())} OR SagaStartedAt IS NULL)`;

/** A run that has not ended is open, whatever else Temporal calls it: running, paused. */
const byStatus = (status: SagaStatus): string => {
  if (status === 'killed') return KILLED_RUNS;
  const isIt = `SagaStatus = ${literal(status)}`;
  if (!OPEN_STATUSES.some((one) => one === status)) return isIt;
  return `${status === 'running' ? `(${isIt} OR SagaStatus IS NULL)` : isIt} AND CloseTime IS NULL`;
};

/** A run that was started by hand has not written its key before a worker has it; but its id says it. */
const byKey = (key: string, sagas: readonly string[]): string => {
  const ids = sagas.map((saga) => sagaId(saga, key));
  return `(SagaKey = ${literal(key)} OR ${oneOf('WorkflowId', [...ids, ...ids.map(recoveryId)])})`;
};

/**
 * The visibility query that finds every saga of a filter by one of its runs, or by its recovery run, and perhaps a few more:
 * {@link holds} decides, and of which run a saga is listed by.
 */
export const visibilityQuery = (
  { catalog }: Pick<KnownSagas, 'catalog'>,
  { saga, status, key, after, before }: SagaFilter,
): string => {
  const sagas = saga === undefined ? [...catalog.keys()] : [saga];
  return [
    oneOf('WorkflowType', sagas),
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(status ? [byStatus(status)] : []),
    ...(key === undefined ? [] : [byKey(key, sagas)]),
    ...(after ? [`StartTime > ${literal(new Date(after.getTime() - CLOCK_SKEW_MS).toISOString())}`] : []),
    ...(before ? [startedBefore(before)] : []),
  ].join(' AND ');
};

/** Whether a saga, as it is now, is of the filter: the index lags behind a little. */
export const holds = (
  { status, key, after, before }: SagaFilter,
  saga: Pick<SagaSummary, 'status' | 'key' | 'startedAt'>,
): boolean => {
  const startedAt = Date.parse(saga.startedAt);
  return (
    (status === undefined || saga.status === status) &&
    (key === undefined || saga.key === key) &&
    (after === undefined || startedAt > after.getTime()) &&
    (before === undefined || startedAt < before.getTime())
  );
};
