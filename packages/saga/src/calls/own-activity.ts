import { scheduleActivity } from '@temporalio/workflow';
import type { LocalActivities } from './local-activities.ts';

const AT_ONCE_MS = 2_000;
const ATTEMPTS = 2;
const ATTEMPT_MS = 10_000;

/** How the Web UI shows it. */
interface Shown {
  readonly id: string;
  readonly summary: string;
}

/**
 * Runs an activity of the engine's own, which may run twice: within the current workflow task, and when that does not do it at once, as an
 * ordinary activity that is retried without limit.
 */
export const runOwnActivity = async <T = void>(
  local: LocalActivities,
  type: string,
  args: unknown[],
  { id, summary }: Shown,
): Promise<T> => {
  try {
    return await local.run<T>(type, args, {
      summary,
      startToCloseTimeout: AT_ONCE_MS,
      scheduleToCloseTimeout: AT_ONCE_MS,
      retry: { maximumAttempts: ATTEMPTS, initialInterval: 100 },
    });
  } catch {
    return scheduleActivity<T>(type, args, { activityId: id, summary, startToCloseTimeout: ATTEMPT_MS });
  }
};
