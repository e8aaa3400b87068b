import type { WorkflowHandle } from '@temporalio/client';

/** What a run cost Temporal. */
export interface Counts {
  readonly events: number;
  readonly workflowTasks: number;
  readonly stateTransitions: number;
  /** How many events of each type, in the order in which they first came. */
  readonly types: Readonly<Record<string, number>>;
}

/** EVENT_TYPE_WORKFLOW_TASK_COMPLETED, as the server's protocol numbers it. */
const TASK_COMPLETED = 7;

/** Counts a run that has closed. */
export const countRun = async (handle: WorkflowHandle): Promise<Counts> => {
  const [{ historyLength, raw }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const types: Record<string, number> = {};
  for (const event of events ?? []) {
    const type =
      Object.keys(event)
        .find((name) => name.endsWith('EventAttributes'))
        ?.replace('EventAttributes', '') ?? 'unknown';
    types[type] = (types[type] ?? 0) + 1;
  }
  return {
    events: historyLength,
    workflowTasks: (events ?? []).filter(({ eventType }) => (eventType as number | null) === TASK_COMPLETED).length,
    stateTransitions: Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0),
    types,
  };
};
