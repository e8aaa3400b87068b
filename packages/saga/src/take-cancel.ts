import { condition } from '@temporalio/workflow';
import type { CarriedEvent } from '@amends/contracts/internal';
import type { LateEventToTell, LateWhy } from '@amends/contracts/internal';
import type { CancelMessage } from '@amends/contracts/internal';
import type { Cause } from '@amends/contracts';
import { runOwnActivity } from './own-activity.ts';
import type { SagaRun } from './saga-run.ts';
import { pivotOf } from './settle-pivot.ts';
import { sayable } from './words.ts';

/** As the API has it; it travels in events. */
export const REASON_MAX_CHARS = 500;

/** How a saga is brought to a stop. */
export interface Stopping {
  /** Starts backward recovery. `event`: which has cancelled the saga, if one has. */
  readonly stop: (reason: string, event: CarriedEvent | null) => void;
  /** Why the saga goes backward, or is about to; null while it does not. */
  readonly stopped: () => Cause | null;
}

/** Why a cancel cannot be taken; null when it can be, or was. A saga is cancelled once, and each further cancel is that one (S9). */
export const cancelRefused = (run: SagaRun, { stopped }: Stopping): LateWhy | null => {
  if (run.phase === 'retriable') return 'past-pivot';
  const cause = stopped();
  if (cause?.outcome === 'cancelled') return null;
  if (run.closing || run.recovers) return 'closed';
  return cause === null ? null : 'undoing';
};

/** Takes a cancel, from wherever it comes, once the pivot in flight has ended. @returns why not */
export const takeCancel = async (
  run: SagaRun,
  stopping: Stopping,
  {
    actor,
    reason,
    event = null,
  }: { readonly actor: string; readonly reason: string; readonly event?: CarriedEvent | null },
): Promise<LateWhy | null> => {
  await condition(() => run.phase !== 'pivot');
  const why = cancelRefused(run, stopping);
  if (why === null && stopping.stopped() === null) {
    run.note(actor, 'cancel', null, reason);
    stopping.stop(reason, event);
  }
  return why;
};

/** A cancel by event: nobody waits for it, so that the saga itself tells when it came too late. */
export const takeCancelByEvent = async (run: SagaRun, stopping: Stopping, message: unknown): Promise<void> => {
  const { actor, reason, event } = readCancel(message);
  let why = await takeCancel(run, stopping, { actor, reason, event });
  if (why === null && run.begun && pivotOf(run.definition) !== undefined) {
    // a task that was lost may have done the pivot (S1)
    await condition(() => run.pivotFixed || run.phase === 'retriable' || run.closing);
    if (run.phase === 'retriable') why = 'past-pivot';
  }
  if (why !== null && event !== null) await tellLate(run, event, why);
};

/** Has an event told as late: retried without limit, so it ends only when it is kept. */
export const tellLate = (run: SagaRun, { event, at }: CarriedEvent, why: LateWhy): Promise<void> => {
  const late: LateEventToTell = { event, at, saga: run.id, why };
  const summary = `tell ${String(event['type'])} as late`;
  return run.limit.counted(() =>
    runOwnActivity(run.local, 'engine:tellLate', [late], { id: run.nextId('late'), summary }),
  );
};

/** A signal may be sent by hand, and say anything. */
const readCancel = (message: unknown): { actor: string; reason: string; event: CarriedEvent | null } => {
  const { actor, reason, event } = (isObject(message) ? message : {}) as {
    readonly [K in keyof CancelMessage]?: unknown;
  };
  return {
    actor: typeof actor === 'string' ? sayable(actor) : 'anonymous',
    reason: sayable(typeof reason === 'string' && reason !== '' ? reason : 'cancelled').slice(0, REASON_MAX_CHARS),
    event:
      isObject(event) && isObject(event['event'])
        ? { event: event['event'], at: typeof event['at'] === 'string' ? event['at'] : null }
        : null,
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
