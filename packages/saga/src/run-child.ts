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
import type { SagaStart } from '@amends/contracts/internal';
import type { Cause } from '@amends/contracts';
import type { AwaitedSaga, SagaToAwait } from '@amends/contracts/internal';
import { instant } from './clock.ts';
import type { Failed, Outcome } from './outcome.ts';
import type { SagaRun } from './saga-run.ts';
import { searchAttributes } from './search-attributes.ts';
import { messageOf } from './words.ts';

/** Bounds how late a cancel is seen (S9), as for every saga (packages/client/src/start-saga.ts). */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;
const ASK_MS = 10_000;
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
 * A reset, or a new run, comes to a child that an earlier run of this saga has started: then that one is waited for (decision 0013).
 */
export const runChild = async (run: SagaRun, child: Child): Promise<Outcome> => {
  try {
    await run.limit.admitted();
    await run.allowance.take(child.input);
    return await run.limit.counted(() => started(run, child));
  } catch (error) {
    return outcomeOfChild(error);
  }
};

const started = async (run: SagaRun, child: Child): Promise<Outcome> => {
  try {
    return { kind: 'done', answer: await resultOf(run, child), attempt: 1 };
  } catch (error) {
    if (error instanceof Error && error.name === ALREADY_STARTED) return join(run, child);
    throw error;
  } finally {
    run.allowance.newTask();
  }
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
    return { kind: 'refused', ...noOf(cause.details?.[0] as Cause | undefined), attempt: 1 };
  }
  if (cause instanceof CancelledFailure || isCancellation(error)) {
    return { kind: 'refused', code: 'cancelled', message: 'cancelled', attempt: 1 };
  }
  return { kind: 'unknown', message: messageOf(cause), attempt: 1 };
};

const noOf = (cause: Cause | undefined): { code: string; message: string } => ({
  code: (cause?.outcome === 'refused' ? cause.code : cause?.outcome) ?? 'error',
  message: cause?.message ?? 'it has undone itself',
});

/** One that is already there. While it is waited for a cancel is handed on; somebody else's is never touched. */
const join = async (run: SagaRun, { saga, key, step }: Child): Promise<Outcome> => {
  const wanted: SagaToAwait = { id: `${saga}:${key}`, parent: run.id, step };
  const { cancelRequested } = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    if (!(await isOurs(wanted))) return foreign(wanted);
    let joined = true;
    const cancelIt = async (): Promise<void> => {
      if (joined) await cancelSaga(wanted.id);
    };
    cancelRequested.catch(() => CancellationScope.nonCancellable(cancelIt));
    try {
      return await joinSaga(wanted);
    } finally {
      joined = false;
    }
  });
};

const isOurs = (wanted: SagaToAwait): Promise<boolean> =>
  scheduleActivity<boolean>('engine:isStartedBy', [wanted], {
    summary: `whose is ${wanted.id}`,
    startToCloseTimeout: ASK_MS,
  });

/** Asks Temporal to cancel another saga; one that has ended meanwhile stays as it is. */
export const cancelSaga = async (id: string): Promise<void> => {
  try {
    await getExternalWorkflowHandle(id).cancel();
  } catch {
    // it has ended
  }
};

const foreign = ({ id }: SagaToAwait): Outcome => ({
  kind: 'refused',
  code: 'conflict',
  message: `${id} was started by somebody else`,
  attempt: 1,
});

/** Waits for the end of a saga that is already there: ours of an earlier run, or else somebody else's, which is a no. */
// oxlint-disable-next-line typescript/consistent-return -- every end returns
export const joinSaga = async (wanted: SagaToAwait): Promise<Outcome> => {
  const { id } = wanted;
  const awaited = await scheduleActivity<AwaitedSaga>('engine:awaitSaga', [wanted], {
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
      return foreign(wanted);
    case 'killed':
      return { kind: 'unknown', message: `${id} was killed`, attempt: 1 };
  }
};
