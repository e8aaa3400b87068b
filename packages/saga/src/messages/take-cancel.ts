import { condition } from '@temporalio/workflow';
import type { CarriedEvent, CancelLate, CancelMessage } from '@amends/contracts/internal';
import type { Cause } from '@amends/contracts';
import type { SagaRun } from '../run/saga-run.ts';
import { pivotOf } from '../recovery/settle-pivot.ts';
import { isObject, readCarried, tellLate } from './tell-late.ts';
import { sayable } from '@amends/contracts/protocol';

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
export const cancelRefused = (run: SagaRun, { stopped }: Stopping): CancelLate | null => {
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
    isActOfPerson = true,
  }: {
    readonly actor: string;
    readonly reason: string;
    readonly event?: CarriedEvent | null;
    readonly isActOfPerson?: boolean;
  },
): Promise<CancelLate | null> => {
  await condition(() => run.phase !== 'pivot');
  const why = cancelRefused(run, stopping);
  if (why !== null) return why;
  const isFirst = stopping.stopped() === null;
  // a signal comes again and again, what a person does is on record each time
  if (isFirst || isActOfPerson) run.note(actor, 'cancel', null, reason);
  if (isFirst) stopping.stop(reason, event);
  return why;
};

/** A cancel by event: nobody waits for it, so that the saga itself tells when it came too late. */
export const takeCancelByEvent = async (run: SagaRun, stopping: Stopping, message: unknown): Promise<void> => {
  const { actor, reason, event } = readCancel(message);
  let why = await takeCancel(run, stopping, { actor, reason, event, isActOfPerson: false });
  if (why === null && run.begun && pivotOf(run.definition) !== undefined) {
    // a task that was lost may have done the pivot (S1)
    await condition(() => run.pivotFixed || run.phase === 'retriable' || run.closing);
    if (run.phase === 'retriable') why = 'past-pivot';
  }
  if (why !== null && event !== null) await tellLate(run, event, why);
};

/** A signal may be sent by hand, and say anything. */
const readCancel = (message: unknown): { actor: string; reason: string; event: CarriedEvent | null } => {
  const { actor, reason, event } = (isObject(message) ? message : {}) as {
    readonly [K in keyof CancelMessage]?: unknown;
  };
  return {
    actor: typeof actor === 'string' ? sayable(actor) : 'anonymous',
    reason: sayable(typeof reason === 'string' && reason !== '' ? reason : 'cancelled').slice(0, REASON_MAX_CHARS),
    event: readCarried(event),
  };
};
