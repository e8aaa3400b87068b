import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  scheduleActivity,
  startChild,
} from '@temporalio/workflow';
import type { SagaStart } from '../../contracts/saga-start.ts';
import type { Cause } from '../../contracts/saga-view.ts';
import type { AwaitedSaga, SagaToAwait } from '../../contracts/engine-activities.ts';
import { instant } from './clock.ts';
import type { Failed, Outcome } from './outcome.ts';
import type { SagaRun } from './saga-run.ts';
import { searchAttributes } from './search-attributes.ts';
import { messageOf } from './words.ts';

/** Bounds how late a cancel is seen (S9), as for every saga (client/start-saga.ts). */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;
const JOIN_HEARTBEAT_TIMEOUT_MS = 30_000;
/** A join ends with the other saga, which has no limit; a year is beyond every wait. */
const JOIN_MS = 365 * 24 * 3_600_000;

/** The SDK's error, by its name: the workflow package does not export it. */
const ALREADY_STARTED = 'WorkflowExecutionAlreadyStartedError';

interface Child {
  readonly saga: string;
  readonly key: string;
  readonly input: unknown;
  /** For which step of the parent. */
  readonly step: string;
}

/**
 * Runs another saga and waits for its end: done when it completes; refused when it has undone itself, so that nothing of it is left;
 * unknown when it was killed (the sweep recovers it). A cancel is handed on, and its end waited for (S4). It outlives its parent: a killed
 * parent must not kill it half-way. Never rejects.
 *
 * A reset, or a new run, comes to a child that an earlier run of this saga has started: then that one is waited for.
 */
export const runChild = async (run: SagaRun, child: Child): Promise<Outcome> => {
  await run.limit.admitted();
  return run.limit.counted(async () => {
    try {
      return { kind: 'done', answer: await resultOf(run, child), attempt: 1 };
    } catch (error) {
      if (error instanceof Error && error.name === ALREADY_STARTED) return join(run, child);
      return outcomeOfChild(error);
    }
  });
};

type Saga = (input: unknown, start: SagaStart) => Promise<unknown>;

const resultOf = async (run: SagaRun, { saga, key, input, step }: Child): Promise<unknown> => {
  const { steps, children = {} } = run.overrides;
  const start: SagaStart = {
    startedAt: instant(),
    trigger: { kind: 'saga', id: run.id, type: null, source: null },
    times: children[saga] ?? { steps: steps['*'] === undefined ? {} : { '*': steps['*'] } },
  };
  const handle = await startChild<Saga>(saga, {
    workflowId: `${saga}:${key}`,
    args: [input, start],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
    typedSearchAttributes: searchAttributes({ SagaStatus: 'running', SagaKey: key }),
    memo: { parent: run.id, step },
    staticSummary: `${key}, started by ${run.id}`,
  });
  return handle.result();
};

/** One that has undone itself says by what (S13), and nothing of it is left. */
const outcomeOfChild = (error: unknown): Failed => {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && cause.type === 'SagaCompensated') {
    return { kind: 'refused', ...noOf(cause.details?.[0] as Cause), attempt: 1 };
  }
  if (cause instanceof CancelledFailure || isCancellation(error)) {
    return { kind: 'refused', code: 'cancelled', message: 'cancelled', attempt: 1 };
  }
  return { kind: 'unknown', message: messageOf(cause), attempt: 1 };
};

const noOf = ({ outcome, code, message }: Cause): { code: string; message: string } => ({
  code: outcome === 'refused' ? code : outcome,
  message,
});

/** One that is already there; a cancel is handed on. */
const join = async (run: SagaRun, { saga, key, step }: Child): Promise<Outcome> => {
  const id = `${saga}:${key}`;
  const cancelIt = async (): Promise<void> => getExternalWorkflowHandle(id).cancel();
  CancellationScope.current().cancelRequested.catch(() =>
    CancellationScope.nonCancellable(cancelIt).catch(() => {
      // it has ended meanwhile
    }),
  );
  return CancellationScope.nonCancellable(() => joinSaga({ id, parent: run.id, step }));
};

/** Waits for the end of a saga that is already there: ours of an earlier run, or else somebody else's, which is a no. */
// oxlint-disable-next-line typescript/consistent-return -- every end returns
export const joinSaga = async (wanted: SagaToAwait): Promise<Outcome> => {
  const { id } = wanted;
  const awaited = await scheduleActivity<AwaitedSaga>('awaitSaga', [wanted], {
    activityId: `await ${id}`,
    summary: `await ${id}`,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    startToCloseTimeout: JOIN_MS,
    heartbeatTimeout: JOIN_HEARTBEAT_TIMEOUT_MS,
  });
  switch (awaited.end) {
    case 'completed':
      return { kind: 'done', answer: awaited.result, attempt: 1 };
    case 'undone':
      return { kind: 'refused', ...noOf(awaited.cause), attempt: 1 };
    case 'foreign':
      return { kind: 'refused', code: 'conflict', message: `${id} was started by somebody else`, attempt: 1 };
    case 'killed':
      return { kind: 'unknown', message: `${id} was killed`, attempt: 1 };
  }
};
