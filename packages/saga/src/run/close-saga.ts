import {
  allHandlersFinished,
  ApplicationFailure,
  CancelledFailure,
  condition,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Cause, SagaEnd } from '@amends/contracts';
import type { ClosingView } from '@amends/contracts/internal';
import { instant } from './clock.ts';
import { closingViewOf, withClosingView } from './closing-view.ts';
import { runOwnActivity } from '../calls/own-activity.ts';
import { TAKES } from '../messages/parking.ts';
import type { SagaRun } from './saga-run.ts';
import { searchAttributes } from './search-attributes.ts';
import { tellUnused } from '../messages/take-event.ts';

/** A wide saga may have thousands. */
const OPEN_NAMED = 20;

/** Temporal's own cancel, without which a workflow cannot close as Cancelled. */
export interface NativeCancel {
  arrived: boolean;
  asked: boolean;
}

/**
 * Ends a saga truthfully in Temporal too (S16): its end event has reached the broker first; completed → Completed, compensated →
 * Failed with type `SagaCompensated`, cancelled → Cancelled. Every entry must be discharged (S12).
 *
 * @returns the saga's result @throws what makes Temporal close it as failed or cancelled
 */
export const closeSaga = async (run: SagaRun, end: SagaEnd, native: NativeCancel): Promise<unknown> => {
  if (end === 'completed') for (const entry of run.ledger.undischarged) run.ledger.discharge(entry, 'kept');
  for (let open = run.ledger.undischarged; open.length > 0; open = run.ledger.undischarged) {
    const named = open.slice(0, OPEN_NAMED).map(({ id }) => id);
    const error = `the ledger has ${open.length} open entries: ${named.join(', ')}${open.length > OPEN_NAMED ? ', …' : ''}`;
    const { action } = await run.park('flow', error, 0, TAKES.flow);
    // an operator answers for them
    if (action !== 'retry') for (const entry of open) run.ledger.discharge(entry, 'resolved');
  }
  run.closing = true;
  run.limit.lift();
  if (end === 'cancelled') await awaitNativeCancel(run, native);
  if (run.begun) await tellUnused(run);
  await run.published();
  // nobody has asked for a saga that never began, and the one that may begin later under its id has an end of its own
  if (run.begun) await publishEnd(run, end);
  run.end = end;
  run.changed();
  await condition(allHandlersFinished);
  const { cause, result } = run;
  if (cause !== null && end === 'cancelled') throw new CancelledFailure(`cancelled: ${cause.message}`);
  const closing = closingViewOf(run, end);
  if (cause === null) return withClosingView(result, closing);
  throw compensated(cause, closing);
};

/** What closes as cancelled has no payload for its view, which is told here. One that changes meanwhile (it is cancelled once more) tells it again. */
const publishEnd = async (run: SagaRun, end: SagaEnd): Promise<void> => {
  const at = instant();
  for (;;) {
    const { version } = run;
    await run.publish(end, `${run.id}/${end}`, at, end === 'cancelled' ? closingViewOf(run, end, 1) : undefined);
    if (end !== 'cancelled' || run.version === version) return;
  }
};

/** Ends a recovery run whose saga has a newer run of its own (S14): nothing of it counts, and nobody is told. */
export const closeSuperseded = async (run: SagaRun): Promise<string> => {
  run.closing = true;
  run.limit.lift();
  upsertSearchAttributes(searchAttributes({ SagaStatus: null, SagaStep: null }));
  await condition(allHandlersFinished);
  return `${run.id} has a newer run of its own: there is nothing to recover`;
};

/** Has Temporal's own cancel reach the saga, which asks for it unless it has come. */
export const awaitNativeCancel = async (run: SagaRun, native: NativeCancel): Promise<void> => {
  if (native.arrived) return;
  native.asked = true;
  await runOwnActivity(run.local, 'engine:requestCancel', [], {
    id: 'close as cancelled',
    summary: 'close as cancelled',
  });
  await condition(() => native.arrived);
};

/** `compensated: bookShipment refused (country-not-served)`; a business refusal alarms nobody. */
const compensated = (cause: Cause, closing: ClosingView | undefined): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'SagaCompensated',
    message: `compensated: ${cause.step ?? 'saga'} ${cause.outcome}${cause.outcome === 'refused' ? ` (${cause.code})` : `: ${cause.message}`}`,
    nonRetryable: true,
    details: [withClosingView(cause, closing)],
    ...(cause.outcome === 'refused' && { category: 'BENIGN' }),
  });
