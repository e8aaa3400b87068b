import { CancellationScope, condition } from '@temporalio/workflow';
import type { NativeCancel } from './close-saga.ts';
import type { SagaRun } from './saga-run.ts';

/**
 * A cancel sent straight to Temporal (Web UI, CLI) is treated as the Update is; past the pivot it is noted and ignored (S9).
 *
 * @param root the workflow's own scope, which Temporal cancels
 * @param stop starts backward recovery, unless it runs already
 */
export const watchNativeCancel = (
  run: SagaRun,
  root: CancellationScope,
  { stop, native }: { stop: (reason: string) => void; native: NativeCancel },
): void => {
  const watch = async (): Promise<void> => {
    native.arrived = true;
    if (native.asked) return;
    await condition(() => run.phase !== 'pivot');
    const ignored = run.phase === 'retriable' || run.closing;
    run.note('temporal', 'cancel', null, ignored ? 'ignored: past the point of no return' : 'cancelled in Temporal');
    if (!ignored) stop('cancelled in Temporal');
  };
  root.cancelRequested.catch(() => CancellationScope.nonCancellable(() => run.limit.handled(watch)));
};
