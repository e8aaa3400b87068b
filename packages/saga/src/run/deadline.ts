import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { epoch } from './clock.ts';
import type { SagaRun } from './saga-run.ts';

/**
 * Calls `passed` once when the saga's soft deadline passes before the point of no return; a pivot in flight is waited for first
 * (S10). Never an execution timeout: that would kill the saga and undo nothing.
 *
 * @returns what takes the timer back
 */
export const watchDeadline = (run: SagaRun, passed: () => void): (() => void) => {
  const { deadlineAt } = run;
  if (deadlineAt === null) return () => {};
  const scope = new CancellationScope({ cancellable: true });
  const watch = async (): Promise<void> => {
    await sleep(Math.max(1, new Date(deadlineAt).getTime() - epoch()), { summary: 'deadline' });
    await condition(() => run.phase !== 'pivot');
    if (run.phase === 'compensable') passed();
  };
  scope.run(watch).catch(() => {
    // taken back: the point of no return is passed, or the saga ends
  });
  return () => scope.cancel();
};
