import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type {
  ApproveRequest,
  CancelMessage,
  CancelRequest,
  EventMessage,
  ResolveRequest,
  RetryRequest,
  SagaQuery,
  SagaSignal,
  SagaUpdate,
  SkipRequest,
  UpdateGuards,
  UpdateTaken,
} from '@amends/contracts/internal';
import type { SagaView } from '@amends/contracts';
import { cancelRefusal, checkAct, checkApproval, checkCancel } from './check-request.ts';
import type { Act } from './parking.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { pivotOf } from '../recovery/settle-pivot.ts';
import { takeCancel, takeCancelByEvent, type Stopping } from './take-cancel.ts';
import { takeEvent } from './take-event.ts';
import { viewOf } from '../run/view.ts';
import type { Decision } from '../author/wait-steps.ts';

const view = defineQuery<SagaView>('view' satisfies SagaQuery);
const event = defineSignal<[EventMessage]>('event' satisfies SagaSignal);
const update = <R>(name: SagaUpdate) => defineUpdate<UpdateTaken, [ByHand<R>]>(name);
const cancelByEvent = defineSignal<[CancelMessage]>('cancel' satisfies SagaSignal);
const cancel = update<CancelRequest>('cancel');
const retry = update<RetryRequest>('retry');
const skip = update<SkipRequest>('skip');
const resolve = update<ResolveRequest>('resolve');
const approve = update<ApproveRequest>('approve');

/** As a person may send it from the Web UI, where nobody is authenticated. */
type ByHand<R> = Omit<R, 'actor'> & { readonly actor?: string } & UpdateGuards;
/** Who sent an Update that does not say so. */
const NOBODY = 'anonymous';

/** How a running saga is asked and told (packages/contracts/src/saga-messages.ts). A refused Update changes nothing. */
export const answerMessages = (run: SagaRun, stopping: Stopping): void => {
  setHandler(view, () => viewOf(run));

  setHandler(event, (message) => CancellationScope.nonCancellable(() => takeEvent(run, message)));

  setHandler(
    cancel,
    // not cancellable: a cancel sent straight to Temporal meanwhile must not fail this one
    ({ actor = NOBODY, reason, asked }) =>
      CancellationScope.nonCancellable(async () => {
        const why = await takeCancel(run, stopping, { actor, reason });
        if (why !== null) throw cancelRefusal(why, stopping);
        await pivotFixed(run);
        if (run.phase === 'retriable') throw cancelRefusal('past-pivot', stopping);
        return taken('cancel', null, asked);
      }),
    {
      validator: (request) => checkCancel(run, request, stopping),
      description: 'Undo everything and end as cancelled; refused past the pivot',
    },
  );
  setHandler(cancelByEvent, (message) =>
    CancellationScope.nonCancellable(() => takeCancelByEvent(run, stopping, message)),
  );

  const takeUp = (act: Act, { actor = NOBODY, reason, step, asked }: ByHand<SkipRequest>): UpdateTaken => {
    run.note(actor, act.action, step, reason);
    run.takeUp(step, act);
    return taken(act.action, step, asked);
  };
  setHandler(
    retry,
    async ({ input, ...request }) => takeUp({ action: 'retry', ...(input !== undefined && { input }) }, request),
    {
      validator: (request) => checkAct(run, 'retry', request),
      description: 'Try a parked step again, also with a corrected input',
    },
  );
  setHandler(skip, async (request) => takeUp({ action: 'skip' }, request), {
    validator: (request) => checkAct(run, 'skip', request),
    description: 'Go on without a parked step',
  });
  setHandler(
    resolve,
    async ({ output, outcome, ...request }) =>
      takeUp({ action: 'resolve', output, ...(outcome !== undefined && { outcome }) }, request),
    {
      validator: (request) => checkAct(run, 'resolve', request),
      description: 'Say that a parked step was done by hand; of a pivot, whether it was done',
    },
  );

  setHandler(
    approve,
    async ({ actor = NOBODY, reason, name, decision, asked }) => {
      run.answers.keep(`approval ${name}`, { decision, by: actor, reason } satisfies Decision);
      run.note(actor, decision === 'approved' ? 'approve' : 'deny', name, reason);
      return taken('approve', name, asked);
    },
    {
      validator: (request) => checkApproval(run, request),
      description: 'Answer an approval: approved or denied',
    },
  );
};

const taken = (action: SagaUpdate, step: string | null, asked: string | undefined): UpdateTaken => ({
  action,
  step,
  ...(asked !== undefined && { asked }),
});

/** Settling takes as long as a service that is out of reach; a caller does not wait for that. */
const PIVOT_FIXED_MS = 3_000;

/**
 * A task that was lost may have done the pivot, of which this run then knows nothing: whoever cancels hears what settling it has told (S1, S9),
 * if it tells soon.
 */
const pivotFixed = async (run: SagaRun): Promise<void> => {
  if (!run.begun || pivotOf(run.definition) === undefined) return;
  await condition(() => run.pivotFixed || run.phase === 'retriable', PIVOT_FIXED_MS);
};
