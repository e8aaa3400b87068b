import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type {
  CancelRequest,
  RetryRequest,
  SagaAnswer,
  SagaQuery,
  SagaUpdate,
  UpdateRefusal,
} from '../../contracts/saga-messages.ts';
import type { NativeCancel } from './close-saga.ts';
import type { SagaRun } from './saga-run.ts';
import { viewOf } from './view.ts';

const view = defineQuery<SagaAnswer>('view' satisfies SagaQuery);
const cancel = defineUpdate<SagaAnswer, [CancelRequest]>('cancel' satisfies SagaUpdate);
const retry = defineUpdate<SagaAnswer, [RetryRequest]>('retry' satisfies SagaUpdate);

/** As a person may send it from the Web UI, where nobody is authenticated. */
type ByHand<R extends { actor: string }> = Omit<R, 'actor'> & { readonly actor?: string };
/** Who sent an Update that does not say so. */
const NOBODY = 'anonymous';

/** What a cancel does to the saga. */
export interface Cancelling {
  /** Starts backward recovery, unless it runs already. */
  readonly stop: (reason: string) => void;
}

/** How a running saga is asked and told (contracts/saga-messages.ts). A refused Update changes nothing. */
export const answerMessages = (run: SagaRun, { stop }: Cancelling): void => {
  setHandler(view, () => viewOf(run));

  setHandler(
    cancel,
    // not cancellable: a cancel sent straight to Temporal meanwhile must not fail this one
    ({ actor = NOBODY, reason }: ByHand<CancelRequest>) =>
      CancellationScope.nonCancellable(async () => {
        await condition(() => run.phase !== 'pivot');
        mayCancel(run);
        run.note(actor, 'cancel', null, reason);
        stop(reason);
        return viewOf(run);
      }),
    {
      validator: (request: CancelRequest) => {
        wellFormed(request);
        mayCancel(run);
      },
      description: 'Undo everything and end as cancelled; refused past the pivot',
    },
  );

  setHandler(
    retry,
    async ({ actor = NOBODY, reason, step }: ByHand<RetryRequest>) => {
      run.note(actor, 'retry', step, reason);
      run.takeUp(step);
      return viewOf(run);
    },
    {
      validator: (request: RetryRequest) => {
        wellFormed(request);
        if (!run.isParked(request.step)) throw refusal('NotParked', `${request.step} is not parked`);
      },
      description: 'Take a parked step up again',
    },
  );
};

/**
 * A person may send an Update by hand, so what it says is not to be trusted: an argument that is none would fail the workflow task, and
 * one without words would break the view.
 */
const wellFormed = (request: Partial<RetryRequest> | undefined): void => {
  const { reason, actor } = request ?? {};
  if (typeof reason !== 'string' || reason === '') throw refusal('Malformed', 'a reason is needed');
  if (actor !== undefined && typeof actor !== 'string') throw refusal('Malformed', 'the actor is no name');
};

/** Refused past the point of no return, and once the saga is about to end (S9). */
const mayCancel = (run: SagaRun): void => {
  if (run.phase === 'retriable') throw refusal('PastPivot', 'the saga is past its point of no return');
  if (run.closing) throw refusal('Closed', 'the saga has ended');
};

const refusal = (type: UpdateRefusal | 'Malformed', message: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, type);

/**
 * A cancel sent straight to Temporal (Web UI, CLI) is treated as the Update is; past the pivot it is noted and ignored (S9).
 *
 * @param root the workflow's own scope, which Temporal cancels
 */
export const watchNativeCancel = (
  run: SagaRun,
  root: CancellationScope,
  { stop, native }: Cancelling & { native: NativeCancel },
): void => {
  const watch = async (): Promise<void> => {
    native.arrived = true;
    if (native.asked) return;
    await condition(() => run.phase !== 'pivot');
    const ignored = run.phase === 'retriable' || run.closing;
    run.note('temporal', 'cancel', null, ignored ? 'ignored: past the point of no return' : 'cancelled in Temporal');
    if (!ignored) stop('cancelled in Temporal');
  };
  root.cancelRequested.catch(() => CancellationScope.nonCancellable(watch));
};
