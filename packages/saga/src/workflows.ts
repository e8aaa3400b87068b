import { proxyLocalActivities } from '@temporalio/workflow';
import type { Swept } from '@amends/contracts/internal';

interface Sweeping {
  'engine:sweep'(): Promise<Swept>;
}

/** What fails is left to the next sweep. */
const { 'engine:sweep': sweep } = proxyLocalActivities<Sweeping>({
  startToCloseTimeout: '5 minutes',
  retry: { maximumAttempts: 1 },
  summary: 'begin the recovery of every killed saga',
});

/** Begins the recovery of every killed saga (S14). No saga itself: a Temporal Schedule starts it, again and again. */
export const sweepKilledSagas = (): Promise<Swept> => sweep();
