import type { WorkflowExecutionDescription } from '@temporalio/client';
import { stepId } from '../contracts/ids.ts';
import type { SagaView, StepView } from '../contracts/saga-view.ts';

/** An activity under way, as the server counts it. */
interface PendingCall {
  readonly attempt: number;
  readonly error: string | null;
}

const FIRST: PendingCall = { attempt: 1, error: null };

/**
 * A view with what only the server knows of the calls under way: their attempts and what failed last.
 *
 * An activity's id says what it is: the step's id for its action, `undo <step id>`, `settle <step>` (a seal shows in no step
 * before it parks). The workflow does not see attempts before the last, so each beyond the first is one more change of
 * `version` here: the ETag stays strong. For that the engine must add them to its own version once the activity has ended.
 */
export const withPendingCalls = (view: SagaView, { raw }: WorkflowExecutionDescription): SagaView => {
  const calls = new Map<string, PendingCall>();
  for (const { activityId, attempt, lastFailure } of raw.pendingActivities ?? []) {
    if (activityId) calls.set(activityId, { attempt: attempt || 1, error: lastFailure?.message ?? null });
  }
  const steps = view.steps.map((step) => withCalls(step, calls));
  const unseen = steps.reduce((sum, { extra }) => sum + extra, 0);
  return { ...view, steps: steps.map(({ step }) => step), version: view.version + unseen };
};

const withCalls = (step: StepView, calls: ReadonlyMap<string, PendingCall>): { step: StepView; extra: number } => {
  const id = stepId(step.name, step.instance);
  const acting = step.state === 'running' ? (calls.get(id) ?? FIRST) : undefined;
  const undoing = step.undo?.state === 'running' ? (calls.get(`undo ${id}`) ?? FIRST) : undefined;
  const settling = calls.get(`settle ${id}`);
  const extra = [acting, undoing, settling].reduce((sum, call) => sum + (call ? call.attempt - 1 : 0), 0);
  return {
    extra,
    step: {
      ...step,
      attempt: acting?.attempt ?? step.attempt,
      error: settling?.error ?? acting?.error ?? step.error,
      undo: step.undo && {
        ...step.undo,
        attempt: undoing?.attempt ?? step.undo.attempt,
        error: undoing?.error ?? step.undo.error,
      },
    },
  };
};
