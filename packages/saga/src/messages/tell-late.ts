import type { CarriedEvent, LateEventToTell, LateWhy } from '@amends/contracts/internal';
import { runOwnActivity } from '../calls/own-activity.ts';
import type { SagaRun } from '../run/saga-run.ts';

/** Has an event told as late: retried without limit, so it ends only when it is kept. */
export const tellLate = (run: SagaRun, { event, at }: CarriedEvent, why: LateWhy): Promise<void> => {
  const late: LateEventToTell = { event, at, saga: run.id, why };
  const summary = `tell ${String(event['type'])} as late`;
  return run.limit.counted(() =>
    runOwnActivity(run.local, 'engine:tellLate', [late], { id: run.nextId('late'), summary }),
  );
};

/** The event that a signal carries; a signal may be sent by hand, and say anything. */
export const readCarried = (carried: unknown): CarriedEvent | null => {
  if (!isObject(carried) || !isObject(carried['event'])) return null;
  const { event, at } = carried;
  return { event, at: typeof at === 'string' ? at : null };
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
