import type { WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { SagaStatus, SagaView } from '@amends/contracts';
import { SAGA_STATUS } from './search-attributes.ts';

export const OPEN_STATUSES = ['running', 'compensating', 'parked'] as const satisfies readonly SagaStatus[];

/** A run that was started by hand and has written nothing yet is open, too. */
const isOpen = (status: unknown): boolean => status === undefined || OPEN_STATUSES.some((open) => open === status);

/** Ways in which the server, or a person past the saga's back, ends a run. */
export const KILLED_BY = ['Terminated', 'TimedOut', 'Failed'] as const;
const KILLED: ReadonlySet<string> = new Set(['TERMINATED', 'TIMED_OUT', 'FAILED']);

/**
 * Whether a run was ended without the saga having come to its end (S14). A saga that has ended wrote its end into SagaStatus
 * before it closed, so that a compensated one, which is Failed in Temporal, is told from one that the server failed.
 */
export const isKilled = ({
  status,
  typedSearchAttributes,
}: Pick<WorkflowExecutionInfo, 'status' | 'typedSearchAttributes'>): boolean =>
  KILLED.has(status.name) && isOpen(typedSearchAttributes.get(SAGA_STATUS));

/** More than the attempts that a view may have counted of calls under way: a kill takes them out of sight. */
const UNSEEN_ATTEMPTS = 1_000;

/**
 * A view with what only the server knows of how the run closed; closing is one more change of its version, and a kill may come after
 * many that nobody can count any more.
 */
export const withClosing = (view: SagaView, run: WorkflowExecutionDescription): SagaView => {
  if (!run.closeTime) return view;
  const killed = isKilled(run);
  return {
    ...view,
    status: killed ? 'killed' : view.status,
    closedAt: run.closeTime.toISOString(),
    version: view.version + (killed ? UNSEEN_ATTEMPTS : 1),
  };
};
