import { ApplicationFailure, Context } from '@temporalio/activity';
import type {
  AwaitedSaga,
  ChildOfSaga,
  ClosingView,
  LateEventToTell,
  SagaEventToPublish,
  SagaToAwait,
  Swept,
} from '@amends/contracts/internal';

/** What the engine itself needs done outside of the workflow, beside calling services. */
export interface Outside {
  /** Hands an event to the broker; resolves when the broker has it. `runId`: of the run that publishes it, which nobody outside of Temporal knows. */
  readonly publish: (event: SagaEventToPublish, runId: string) => Promise<void>;
  /** Keeps an event that came too late for its saga; resolves when it is kept. A repeat is harmless. */
  readonly tellLate: (late: LateEventToTell) => Promise<void>;
  /** Sends Temporal's own cancel to a workflow. */
  readonly cancelWorkflow: (workflowId: string, runId: string) => Promise<void>;
  /** How another saga has ended, or that it was started by somebody else; undefined while it has not. */
  readonly endOfSaga: (saga: SagaToAwait) => Promise<AwaitedSaga | undefined>;
  /** Whether the saga that a recovery run recovers has a newer run of its own. */
  readonly isSuperseded: (workflowId: string, runId: string) => Promise<boolean>;
  /** Whether that run, or one that it continues, was reset: then more may have been done than it knows of. */
  readonly wasReset: (workflowId: string, runId: string) => Promise<boolean>;
  /** Whether a saga was started for that step of that parent. */
  readonly isStartedBy: (saga: SagaToAwait) => Promise<boolean>;
  /** What a saga was started with. */
  readonly inputOf: (id: string) => Promise<unknown>;
  /** The sagas that one has started, as far as Temporal's index knows. */
  readonly childrenOf: (parent: string) => Promise<readonly ChildOfSaga[]>;
  /** Begins the recovery of every killed saga (S14); ends early by its signal. */
  readonly sweep: (signal: AbortSignal) => Promise<Swept>;
}

/**
 * The engine's own activities, on the sagas' task queue; each may run twice and harm nobody. No step can have such a name, so that a step is
 * always a call of its service.
 */
export const sagaActivities = ({
  publish,
  tellLate,
  cancelWorkflow,
  endOfSaga,
  isSuperseded,
  wasReset,
  isStartedBy,
  inputOf,
  childrenOf,
  sweep,
}: Outside) => ({
  'engine:isStartedBy': isStartedBy,
  'engine:inputOf': inputOf,
  'engine:childrenOf': childrenOf,

  /** Answers `closing`, so that the history keeps it. */
  'engine:publishEvent': async (event: SagaEventToPublish, closing?: ClosingView): Promise<ClosingView | undefined> => {
    await publish(event, Context.current().info.workflowExecution?.runId ?? '');
    return closing;
  },

  'engine:tellLate': (late: LateEventToTell): Promise<void> => tellLate(late),

  /** A workflow can close as Cancelled only after a cancel has reached it (S16): the saga asks for its own. */
  'engine:requestCancel': (): Promise<void> => {
    const { workflowId, runId } = ownRun();
    return cancelWorkflow(workflowId, runId);
  },

  /** A recovery run looks whether there is still something to recover (S14). */
  'engine:isSuperseded': (): Promise<boolean> => {
    const { workflowId, runId } = ownRun();
    return isSuperseded(workflowId, runId);
  },

  /** A saga without a pivot looks whether its history tells all that was done (S8). */
  'engine:wasReset': (): Promise<boolean> => {
    const { workflowId, runId } = ownRun();
    return wasReset(workflowId, runId);
  },

  /** Fails until that saga has ended: whoever waits for it lets Temporal repeat it, which holds no place of a worker meanwhile. */
  'engine:awaitSaga': async (saga: SagaToAwait): Promise<AwaitedSaga> => {
    const ended = await endOfSaga(saga);
    if (ended) return ended;
    throw ApplicationFailure.create({ type: 'StillOpen', message: `${saga.id} has not ended yet`, category: 'BENIGN' });
  },

  'engine:sweep': (): Promise<Swept> => sweep(Context.current().cancellationSignal),
});

const ownRun = (): { workflowId: string; runId: string } => {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution === undefined) throw new Error('this activity runs in a saga only');
  return workflowExecution;
};
