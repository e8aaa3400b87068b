import {
  allHandlersFinished,
  condition,
  defineSignal,
  makeContinueAsNewFunc,
  setHandler,
  sleep,
  type CancellationScope,
} from '@temporalio/workflow';
import type { BeginMessage, SagaSignal, SagaStart } from '@amends/contracts/internal';
import type { Cause } from '@amends/contracts';
import type { Carried } from './carried.ts';
import { carriedOf } from './carry.ts';
import { epoch } from './clock.ts';
import { awaitNativeCancel, closeSaga, type NativeCancel } from './close-saga.ts';
import { answerMessages } from '../messages/messages.ts';
import { watchNativeCancel } from '../messages/native-cancel.ts';
import type { SagaRun } from './saga-run.ts';
import type { Stopping } from '../messages/take-cancel.ts';
import { sayable } from '@amends/contracts/protocol';

const begin = defineSignal<[BeginMessage]>('begin' satisfies SagaSignal);

/** What begins, or goes on waiting: the saga's workflow, with its third argument. */
declare const runOn: (input: unknown, start: SagaStart, carried: Carried) => Promise<unknown>;

type EarlyStart = SagaStart & { readonly early: NonNullable<SagaStart['early']> };

/**
 * The run of a saga of which a cancel or an event came before what starts it (E4). It keeps what comes, calls nobody, and ends in one of
 * two ways. What starts the saga comes: the saga begins as a new run of the same id, which has its input, its time and its memo, keeps what
 * came early, and where a cancel did goes backward at once, to close as cancelled. Or it does not come in time: then it closes as cancelled, and tells
 * nobody.
 */
export const waitForStart = async (
  run: SagaRun,
  { root, native, start }: { root: CancellationScope; native: NativeCancel; start: EarlyStart },
): Promise<unknown> => {
  let message: BeginMessage | null = null as BeginMessage | null;
  let { cancelled } = start;
  const stopping: Stopping = {
    stop: (reason, event) => {
      cancelled ??= { actor: run.audit.at(-1)?.actor ?? '', reason, ...(event && { event }) };
    },
    stopped: () => (cancelled ? cancelledBy(cancelled.reason) : null),
  };
  setHandler(begin, (come) => {
    // a signal may be sent by hand, and say anything
    if (typeof come?.start === 'object' && typeof come.memo === 'object') message ??= come;
  });
  answerMessages(run, stopping);
  watchNativeCancel(run, root, { ...stopping, native });
  if (cancelled && run.audit.length === 0) run.note(cancelled.actor, 'cancel', null, cancelled.reason);
  run.changed();

  const until = new Date(run.startedAt).getTime() + start.early.within;
  const left = Math.max(1, until - epoch());
  const came = condition(() => message !== null, left, { summary: 'until what starts it comes' });
  const isQuiet = await Promise.race([came.then(() => false), run.limit.quiet().then(() => true)]);
  if (message === null && !isQuiet) {
    // that the saga asks for its own cancel is in the history before it does: should what starts it come all the same, it is no caller's cancel
    native.asked = true;
    await sleep(1, { summary: 'what starts it did not come' });
    if (message === null) await awaitNativeCancel(run, native);
  }
  // from here to the end no task ends: the server gives back a task that would close a run to which a signal has come
  if (message === null && !isQuiet) {
    const late = `what starts it had not come by ${new Date(until).toISOString()}`;
    return closeUnbegun(run, native, cancelled ? `${late}; it was cancelled: ${cancelled.reason}` : late);
  }
  await condition(allHandlersFinished);
  const next: SagaStart = { ...(message?.start ?? start), ...(cancelled && { cancelled }) };
  const goOn = makeContinueAsNewFunc<typeof runOn>(message ? { memo: message.memo } : {});
  return goOn(message?.input ?? null, next, carriedOf(run));
};

const cancelledBy = (reason: string): Cause => ({
  step: null,
  outcome: 'cancelled',
  code: 'cancelled',
  message: sayable(reason),
});

/** Ends a saga that nobody has asked for. */
const closeUnbegun = (run: SagaRun, native: NativeCancel, message: string): Promise<unknown> => {
  run.cause = cancelledBy(message);
  return closeSaga(run, 'cancelled', native);
};
