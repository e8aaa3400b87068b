import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { stepId } from '@amends/contracts/internal';
import type { SagaView, StepView } from '@amends/contracts';
import type { HeldBackDetails } from '@amends/contracts/internal';

/** An activity under way, as the server counts it; `sent` of its attempts were no mere waiting for an open breaker. */
interface PendingCall {
  readonly attempt: number;
  readonly sent: number;
  readonly error: string | null;
}

const FIRST: PendingCall = { attempt: 1, sent: 1, error: null };

const HeldBack: z.ZodType<HeldBackDetails> = z.object({ notSent: z.int().nonnegative() });

/**
 * A view with what only the server knows of the calls under way: their attempts, beyond those that the view counts already, and what
 * failed last.
 *
 * An activity's id says what it is: the step's id for its action, `undo <step id>`, `settle <step>` (a seal shows in no step
 * before it parks). The workflow does not see attempts before the last, so each beyond the first is one more change of
 * `version` here: the ETag stays strong. For that the engine must add them to its own version once the activity has ended.
 */
export const withPendingCalls = (view: SagaView, { raw }: WorkflowExecutionDescription): SagaView => {
  const calls = new Map<string, PendingCall>();
  for (const { activityId, attempt, lastFailure, heartbeatDetails } of raw.pendingActivities ?? []) {
    if (!activityId) continue;
    const tries = attempt || 1;
    const sent = tries - notSent(heartbeatDetails?.payloads?.[0]);
    calls.set(activityId, { attempt: tries, sent, error: lastFailure?.message ?? null });
  }
  const steps = view.steps.map((step) => withCalls(step, calls));
  const unseen = steps.reduce((sum, { extra }) => sum + extra, 0);
  return { ...view, steps: steps.map(({ step }) => step), version: view.version + unseen };
};

const notSent = (details: Parameters<typeof defaultPayloadConverter.fromPayload>[0] | undefined): number => {
  if (!details) return 0;
  try {
    return HeldBack.safeParse(defaultPayloadConverter.fromPayload(details)).data?.notSent ?? 0;
  } catch {
    return 0;
  }
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
      attempt: step.attempt + (acting?.sent ?? 0),
      error: settling?.error ?? acting?.error ?? step.error,
      undo: step.undo && {
        ...step.undo,
        attempt: step.undo.attempt + (undoing?.sent ?? 0),
        error: undoing?.error ?? step.undo.error,
      },
    },
  };
};
