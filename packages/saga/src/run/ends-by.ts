import { CancellationScope, sleep } from '@temporalio/workflow';
import { epoch } from './clock.ts';

/**
 * Resolves when something has ended, or a time has come, whichever is first. A timer of the server: within the fast lane it does not run, so it
 * is for what has left that.
 *
 * @param due milliseconds since the epoch
 * @param summary what the Web UI shows of the timer
 * @returns whether it has ended
 */
export const endsBy = async (what: Promise<unknown>, due: number, summary: string): Promise<boolean> => {
  const waiting = new CancellationScope({ cancellable: true });
  const late = waiting
    .run(() => sleep(Math.max(1, due - epoch()), { summary }))
    .then(
      () => false,
      () => true,
    );
  const inTime = await Promise.race([what.then(() => true), late]);
  waiting.cancel();
  return inTime;
};
