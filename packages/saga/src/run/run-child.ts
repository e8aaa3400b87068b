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
  sleep,
  startChild,
} from '@temporalio/workflow';
import type { SagaStart, AwaitedSaga, SagaToAwait } from '@amends/contracts/internal';
import type { Cause } from '@amends/contracts';
import { instant } from './clock.ts';
import type { Failed, Outcome } from '../calls/outcome.ts';
import type { SagaRun } from './saga-run.ts';
import { searchAttributes, startedAtAttribute } from './search-attributes.ts';
import { messageOf } from './words.ts';

/** Bounds how late a cancel is seen (S9), as for every saga (packages/client/src/starts/start-saga.ts). */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;
const ASK_MS = 10_000;
/** A child that ends sooner is told by the server, unless this run was reset. */
const UNTOLD_MS = 10_000;
/** How often it is asked whether another saga has ended: with growing pauses, in milliseconds. */
const SOON = { first: 500, most: 30_000 };
/** Where the server should tell by itself. */
const NOW_AND_THEN = { first: 30_000, most: 600_000 };

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
    if (run.recovers) await run.supersession.allows();
    await run.allowance.take(child.input);
    return await run.limit.counted(() => started(run, child));
  } catch (error) {
    return outcomeOfChild(error);
  }
};

const started = async (run: SagaRun, child: Child): Promise<Outcome> => {
  try {
    return await endOf(await begin(run, child), wantedOf(run, child));
  } catch (error) {
    if (error instanceof Error && error.name === ALREADY_STARTED) return join(run, child);
    throw error;
  }
};

type Saga = (input: unknown, start: SagaStart) => Promise<unknown>;

const begin = async (run: SagaRun, { saga, key, input, step }: Child) => {
  const { steps, children = {} } = run.overrides;
  const start: SagaStart = {
    startedAt: instant(),
    trigger: { kind: 'saga', id: run.id, type: null, source: null },
    times: children[saga] ?? { steps: steps['*'] === undefined ? {} : { '*': steps['*'] } },
  };
  return startChild<Saga>(saga, {
    workflowId: `${saga}:${key}`,
    args: [input, start],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
    typedSearchAttributes: [
      ...searchAttributes({ SagaStatus: 'running', SagaKey: key }),
      startedAtAttribute(start.startedAt),
    ],
    memo: { parent: run.id, step, listed: listedOf(start) },
    staticSummary: `${key}, started by ${run.id}`,
  });
};

/** What a list tells of a saga's start (packages/client/src/views/listed.ts). */
const listedOf = ({ startedAt, trigger, times }: SagaStart) => ({
  startedAt,
  trigger,
  deadline: times.deadline ?? null,
});

const wantedOf = ({ id }: SagaRun, { saga, key, step }: Child): SagaToAwait => ({
  id: `${saga}:${key}`,
  parent: id,
  step,
});

/**
 * The end of a child that was started here. The server tells it, but once: a child that ended before this run was reset has told the run before.
 * So after a while, and as soon as the child is cancelled, it is also asked for.
 */
const endOf = async (child: { result: () => Promise<unknown> }, wanted: SagaToAwait): Promise<Outcome> => {
  const cancelled = cancelRequest();
  const told = child.result().then((answer): Outcome => ({ kind: 'done', answer, attempt: 1 }), outcomeOfChild);
  return CancellationScope.nonCancellable(async () => {
    const asking = new CancellationScope();
    const asked = asking.run(async () => {
      await Promise.race([sleep(UNTOLD_MS, { summary: `until ${wanted.id} is asked` }), cancelled]);
      return askUntilEnded(wanted, cancelled, NOW_AND_THEN);
    });
    asked.catch(() => {});
    const ended = await Promise.race([told, asked]);
    asking.cancel();
    return ended;
  });
};

/** Resolves when the current scope is cancelled. */
const cancelRequest = (): Promise<void> => CancellationScope.current().cancelRequested.catch(() => {});

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
const join = async (run: SagaRun, child: Child): Promise<Outcome> => {
  const wanted = wantedOf(run, child);
  const cancelled = cancelRequest();
  return CancellationScope.nonCancellable(async () => {
    if (!(await isOurs(wanted))) return foreign(wanted);
    let joined = true;
    void cancelled.then(() => (joined ? cancelSaga(wanted.id) : undefined));
    try {
      return await askUntilEnded(wanted, cancelled, SOON);
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

/** Asks for the end of another saga until it has come; anew once `cancelled` resolves, for then it may come soon. */
const askUntilEnded = async (wanted: SagaToAwait, cancelled: Promise<void>, pauses: Pauses): Promise<Outcome> => {
  const patient = new CancellationScope();
  let isCancelled = false;
  void cancelled.then(() => {
    isCancelled = true;
    patient.cancel();
  });
  try {
    return await patient.run(() => joinSaga(wanted, pauses));
  } catch (error) {
    if (!isCancelled || !isCancellation(error)) throw error;
    return joinSaga(wanted);
  }
};

interface Pauses {
  readonly first: number;
  readonly most: number;
}

/**
 * The end of a saga that is already there: ours of an earlier run, or else somebody else's, which is a no. It is one activity, which Temporal
 * repeats until that saga has ended: it holds no place of a worker, and the history does not grow (decision 0044).
 */
// oxlint-disable-next-line typescript/consistent-return -- every end returns
export const joinSaga = async (wanted: SagaToAwait, { first, most }: Pauses = SOON): Promise<Outcome> => {
  const { id } = wanted;
  const awaited = await scheduleActivity<AwaitedSaga>('engine:awaitSaga', [wanted], {
    activityId: `await ${id}`,
    summary: `await ${id}`,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    startToCloseTimeout: ASK_MS,
    retry: { initialInterval: first, backoffCoefficient: 2, maximumInterval: most },
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
