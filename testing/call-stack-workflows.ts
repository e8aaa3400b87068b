// Workflows that show what a promise hook in their thread does to them.
import { CancellationScope, condition, sleep } from '@temporalio/workflow';

/** Waits for ever, at a place that a call stack can name. */
export const waitsHere = async (): Promise<void> => {
  await condition(() => false);
};

/** Makes promises, each within the one before. */
export const makesPromises = async (count: number): Promise<number> => {
  let made = 0;
  while (made < count) made += await Promise.resolve(1);
  return made;
};

/** Whether a scope is still the current one after an `await`, and whether a cancel of it reaches a timer that was begun there. */
export const scopeAfterAwait = async (): Promise<{ isCurrent: boolean; timer: string }> => {
  const scope = new CancellationScope({ cancellable: true });
  return scope.run(async () => {
    await sleep(1);
    const isCurrent = CancellationScope.current() === scope;
    const timer = sleep('1 day').then(
      () => 'ended',
      () => 'cancelled',
    );
    scope.cancel();
    return {
      isCurrent,
      timer: await Promise.race([timer, CancellationScope.nonCancellable(() => sleep(1)).then(() => 'runs on')]),
    };
  });
};
