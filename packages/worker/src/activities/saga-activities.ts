import { Context } from '@temporalio/activity';
import type { AwaitedSaga, ChildOfSaga, SagaEventToPublish, SagaToAwait } from '@amends/contracts/internal';
import type { Swept } from '@amends/contracts/internal';

/** What the engine itself needs done outside of the workflow, beside calling services. */
export interface Outside {
  /** Hands an event to the broker; resolves when the broker has it. */
  readonly publish: (event: SagaEventToPublish) => Promise<void>;
  /** Sends Temporal's own cancel to a workflow. */
  readonly cancelWorkflow: (workflowId: string, runId: string) => Promise<void>;
  /** Resolves when another saga has ended, or at once when it was started by somebody else. */
  readonly awaitSaga: (saga: SagaToAwait) => Promise<AwaitedSaga>;
  /** Whether a saga was started for that step of that parent. */
  readonly isStartedBy: (saga: SagaToAwait) => Promise<boolean>;
  /** What a saga was started with. */
  readonly inputOf: (id: string) => Promise<unknown>;
  /** The sagas that one has started, as far as Temporal's index knows. */
  readonly childrenOf: (parent: string) => Promise<readonly ChildOfSaga[]>;
  /** Begins the recovery of every killed saga (S14); ends early by its signal. */
  readonly sweep: (signal: AbortSignal) => Promise<Swept>;
}

const HEARTBEAT_EVERY_MS = 5_000;

/**
 * The engine's own activities, on the sagas' task queue; each may run twice and harm nobody. No step can have such a name, so that a step is
 * always a call of its service.
 */
export const sagaActivities = ({
  publish,
  cancelWorkflow,
  awaitSaga,
  isStartedBy,
  inputOf,
  childrenOf,
  sweep,
}: Outside) => ({
  'engine:isStartedBy': isStartedBy,
  'engine:inputOf': inputOf,
  'engine:childrenOf': childrenOf,

  'engine:publishEvent': (event: SagaEventToPublish): Promise<void> => publish(event),

  /** A workflow can close as Cancelled only after a cancel has reached it (S16): the saga asks for its own. */
  'engine:requestCancel': (): Promise<void> => {
    const { workflowExecution } = Context.current().info;
    if (workflowExecution === undefined) throw new Error('engine:requestCancel runs in a saga only');
    return cancelWorkflow(workflowExecution.workflowId, workflowExecution.runId);
  },

  /** For a child that an earlier run of its parent has started. */
  'engine:awaitSaga': async (saga: SagaToAwait): Promise<AwaitedSaga> => {
    const context = Context.current();
    const beating = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      // a worker that closes leaves it to another
      return await Promise.race([awaitSaga(saga), context.cancelled]);
    } finally {
      clearInterval(beating);
    }
  },

  'engine:sweep': (): Promise<Swept> => sweep(Context.current().cancellationSignal),
});
