import { CancellationScope, continueAsNew } from '@temporalio/workflow';
import type { SagaStart } from '@amends/contracts/internal';
import type { Carried } from './carried.ts';
import { carriedOf } from './carry.ts';
import { closeSaga, closeSuperseded, type NativeCancel } from './close-saga.ts';
import { watchDeadline } from './deadline.ts';
import { showDetails } from './current-details.ts';
import { FlowPass } from './flow-pass.ts';
import { answerMessages } from '../messages/messages.ts';
import { watchNativeCancel } from '../messages/native-cancel.ts';
import { TAKES } from '../messages/parking.ts';
import { tooLarge } from '../calls/payload-limit.ts';
import { recoverBackward } from '../recovery/recover-backward.ts';
import { recoverKilled } from '../recovery/recover-killed.ts';
import type { Definition } from '../author/definition.ts';
import { SagaRun } from './saga-run.ts';
import { tellLate } from '../messages/tell-late.ts';
import { waitForStart } from './wait-for-start.ts';
import { sayable } from '@amends/contracts/protocol';

/**
 * A saga from its start to its end. Nothing but the end of the saga, or of this run of it, leaves this function (S3).
 *
 * @param carried what an earlier run took along (S18)
 */
export const runSaga = async (
  definition: Definition,
  input: unknown,
  start?: SagaStart,
  carried?: Carried,
): Promise<unknown> => {
  const run = new SagaRun(definition, input, start, carried);
  showDetails(run);
  const root = CancellationScope.current();
  const native: NativeCancel = { arrived: false, asked: false };

  // nothing of this saga is cancelled from outside: a cancel is a message like any other
  return CancellationScope.nonCancellable(async () => {
    if (start?.early) return waitForStart(run, { root, native, start: { ...start, early: start.early } });
    const ended = toItsEnd(run, root, native, start);
    const over = await Promise.race([ended.then(() => true), run.limit.quiet().then(() => false)]);
    if (over) return ended;
    const again = [input, startOf(run, start), carriedOf(run)] as const;
    if (tooLarge(again) === null) return continueAsNew<typeof runAgain>(...again);
    run.limit.lift();
    return ended;
  });
};

/** What continues a saga: the workflow itself, with its third argument. */
declare const runAgain: (input: unknown, start: SagaStart, carried: Carried) => Promise<unknown>;

/** One that was started by hand keeps the time at which it began (S19). */
const startOf = ({ startedAt, trigger, overrides }: SagaRun, start: SagaStart | undefined): SagaStart => ({
  ...start,
  startedAt,
  trigger,
  times: overrides,
});

/**
 * A cancel came before what starts the saga, so that its flow never begins. It is no proof that nothing was done: an earlier run of this id may
 * have been deleted. So participants are asked as ever (S14).
 */
const cancelBeforeStart = (run: SagaRun, reason: string): void => {
  run.cause ??= { step: null, outcome: 'cancelled', code: 'cancelled', message: sayable(reason) };
  run.recovering = true;
};

/** The flow, forward; when it halts before the point of no return, backward; past it, parked as step `flow` until an operator acts. */
const toItsEnd = async (
  run: SagaRun,
  root: CancellationScope,
  native: NativeCancel,
  start: SagaStart | undefined,
): Promise<unknown> => {
  let pass = new FlowPass(run);
  const halt = (outcome: 'cancelled' | 'deadline', message: string): void =>
    pass.halt({ step: null, outcome, code: outcome, message });
  const stopping = {
    stop: (reason: string): void => halt('cancelled', reason),
    stopped: () => run.cause ?? (pass.halted?.pastPoint === false ? pass.halted.cause : null),
  };
  answerMessages(run, stopping);
  watchNativeCancel(run, root, { ...stopping, native });
  if (run.recovers) {
    run.supersession.watch();
    const end = await Promise.race([recoverKilled(run), run.supersession.happened()]);
    return end === undefined ? closeSuperseded(run) : closeSaga(run, end, native);
  }
  if (start?.cancelled && run.phase !== 'retriable') cancelBeforeStart(run, start.cancelled.reason);
  const forgetDeadline = watchDeadline(run, () => halt('deadline', `its deadline ${run.deadlineAt} has passed`));
  run.changed();
  let told: Promise<void> = Promise.resolve();

  for (;;) {
    // a run that continues a recovery, or was cancelled before its start, knows its cause
    const came = run.recovering && run.cause !== null ? { cause: run.cause, pastPoint: false } : await pass.toItsEnd();
    if ('result' in came) {
      run.result = came.result ?? null;
      forgetDeadline();
      await told;
      return closeSaga(run, 'completed', native);
    }
    if (came.pastPoint) {
      const act = await run.park('flow', came.cause.message, 0, TAKES.flow);
      if (act.action !== 'retry') {
        run.result = (act.action === 'resolve' ? act.output : null) ?? null;
        await told;
        return closeSaga(run, 'completed', native);
      }
    } else if (run.recovering || run.phase !== 'retriable') {
      // whichever way recovery ends, it means nothing any more
      forgetDeadline();
      const recovered = await recoverBackward(run, came.cause);
      if (recovered === 'resolved') return closeSaga(run, 'completed', native);
      if (recovered === 'undone') {
        return closeSaga(run, run.cause?.outcome === 'cancelled' ? 'cancelled' : 'compensated', native);
      }
      // the cancel that came before the start came too late all the same
      if (start?.cancelled) {
        run.note(start.cancelled.actor, 'cancel', null, 'ignored: past the point of no return');
        if (start.cancelled.event) told = tellLate(run, start.cancelled.event, 'past-pivot');
      }
    }
    pass = new FlowPass(run);
  }
};
