import { recoveryId } from '@amends/contracts/internal';
import type { SagaStatus, SagaView } from '@amends/contracts';
import { catalog } from './catalog.ts';
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
const literal = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
export const oneOf = (attribute: string, values: readonly string[]): string =>
  `${attribute} IN (${values.map(literal).join(', ')})`;

/** Runs that were ended without the saga having come to its end; some of them are recovered. */
export const KILLED_RUNS = `${oneOf('ExecutionStatus', KILLED_BY)} AND (${oneOf('SagaStatus', OPEN_STATUSES)} OR SagaStatus IS NULL)`;

/** A recovery run begins later than the saga that it recovers. */
const startedBefore = (at: Date): string =>
  `(StartTime < ${literal(new Date(at.getTime() + CLOCK_SKEW_MS).toISOString())} OR WorkflowId STARTS_WITH ${literal(recoveryId(''))})`;

const byStatus = (status: SagaStatus): readonly string[] => {
  if (status === 'killed') return [KILLED_RUNS];
  const open = OPEN_STATUSES.some((one) => one === status);
  return [`SagaStatus = ${literal(status)}`, ...(open ? [`ExecutionStatus = 'Running'`] : [])];
};

/**
 * The visibility query that finds every saga of a filter by one of its runs, or by its recovery run, and perhaps a few more:
 * {@link holds} decides, and of which run a saga is listed by.
 */
export const visibilityQuery = ({ saga, status, key, after, before }: SagaFilter): string =>
  [
    oneOf('WorkflowType', saga === undefined ? [...catalog.keys()] : [saga]),
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(status ? byStatus(status) : []),
    ...(key === undefined ? [] : [`SagaKey = ${literal(key)}`]),
    ...(after ? [`StartTime > ${literal(new Date(after.getTime() - CLOCK_SKEW_MS).toISOString())}`] : []),
    ...(before ? [startedBefore(before)] : []),
  ].join(' AND ');

/** Whether a saga, as it is now, is of the filter: the index lags behind a little. */
export const holds = ({ status, after, before }: SagaFilter, view: Pick<SagaView, 'status' | 'startedAt'>): boolean => {
  const startedAt = Date.parse(view.startedAt);
  return (
    (status === undefined || view.status === status) &&
    (after === undefined || startedAt > after.getTime()) &&
    (before === undefined || startedAt < before.getTime())
  );
};
