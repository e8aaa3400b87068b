import { CancellationScope } from '@temporalio/workflow';
import type { CancelLate } from '@amends/contracts/internal';
import type { NativeCancel } from '../run/close-saga.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { takeCancel, type Stopping } from './take-cancel.ts';

/**
 * A cancel sent straight to Temporal (Web UI, CLI) is treated as the Update is; one that comes too late is noted and ignored (S9).
 *
 * @param root the workflow's own scope, which Temporal cancels
 */
export const watchNativeCancel = (
  run: SagaRun,
  root: CancellationScope,
  { native, ...stopping }: Stopping & { native: NativeCancel },
): void => {
  const watch = async (): Promise<void> => {
    native.arrived = true;
    if (native.asked) return;
    const why = await takeCancel(run, stopping, { actor: BY, reason: 'cancelled in Temporal' });
    if (why !== null) run.note(BY, 'cancel', null, `ignored: ${IGNORED[why]}`);
  };
  root.cancelRequested.catch(() => CancellationScope.nonCancellable(() => run.limit.handled(watch)));
};

const BY = 'temporal';
const IGNORED: Readonly<Record<CancelLate, string>> = {
  'past-pivot': 'past the point of no return',
  closed: 'the saga has ended',
  undoing: 'it is undone already, for another cause',
};
