import type { WorkflowExecutionDescription } from '@temporalio/client';
import { stepId } from '../contracts/ids.ts';
import type { SagaView, StepView } from '../contracts/saga-view.ts';

interface PendingCall {
  /** Attempts beyond the first, of which the workflow knows nothing yet. */
  readonly extra: number;
  readonly error: string | null;
}

/**
 * A view with what only the server knows of the calls under way: their attempts and what failed last.
 *
 * An activity's id says what it is: the step's id for its action, `undo <step id>`, `settle <step>`, `seal <service>`. Every
 * attempt beyond an activity's first is a change that the workflow did not see, so `version` grows by it: the ETag stays
 * strong. (The engine adds an activity's attempts to its own version once it has ended, so a version never comes twice.)
 */
export const withPendingCalls = (view: SagaView, { raw }: WorkflowExecutionDescription): SagaView => {
  const calls = new Map<string, PendingCall>();
  for (const { activityId, attempt, lastFailure } of raw.pendingActivities ?? []) {
    if (activityId)
      calls.set(activityId, { extra: Math.max(0, (attempt ?? 1) - 1), error: lastFailure?.message ?? null });
  }
  let unseen = 0;
  const take = (activityId: string): PendingCall | undefined => {
    const call = calls.get(activityId);
    unseen += call?.extra ?? 0;
    return call;
  };
  const steps = view.steps.map((step): StepView => {
    const id = stepId(step.name, step.instance);
    const settling = take(`settle ${id}`);
    const acting = step.state === 'running' ? take(id) : undefined;
    const undoing = step.undo?.state === 'running' ? take(`undo ${id}`) : undefined;
    return {
      ...step,
      attempt: step.attempt + (acting?.extra ?? 0),
      error: settling?.error ?? acting?.error ?? step.error,
      undo: step.undo && {
        ...step.undo,
        attempt: step.undo.attempt + (undoing?.extra ?? 0),
        error: undoing?.error ?? step.undo.error,
      },
    };
  });
  for (const id of calls.keys()) if (id.startsWith('seal ')) take(id);
  return { ...view, steps, version: view.version + unseen };
};
