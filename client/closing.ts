import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { SagaStatus, SagaView } from '../contracts/saga-view.ts';
import { SAGA_STATUS } from './search-attributes.ts';

export const OPEN_STATUSES = ['running', 'compensating', 'parked'] as const satisfies readonly SagaStatus[];

const isOpen = (status: unknown): boolean => OPEN_STATUSES.some((open) => open === status);

/** Ways in which the server, or a person past the saga's back, ends a run. */
export const KILLED_BY = ['Terminated', 'TimedOut', 'Failed'] as const;
const KILLED: ReadonlySet<string> = new Set(['TERMINATED', 'TIMED_OUT', 'FAILED']);

/**
 * Whether a run was ended without the saga having come to its end (S14). A saga that has ended wrote its end into SagaStatus
 * before it closed, so that a compensated one, which is Failed in Temporal, is told from one that the server failed.
 */
const isKilled = ({ status, typedSearchAttributes }: WorkflowExecutionDescription): boolean =>
  KILLED.has(status.name) && isOpen(typedSearchAttributes.get(SAGA_STATUS));

/** A view with what only the server knows of how the run closed; closing is one more change of its version. */
export const withClosing = (view: SagaView, run: WorkflowExecutionDescription): SagaView => {
  if (!run.closeTime) return view;
  return {
    ...view,
    status: isKilled(run) ? 'killed' : view.status,
    closedAt: run.closeTime.toISOString(),
    version: view.version + 1,
  };
};
