import type { CancellationScope } from '@temporalio/workflow';
import { callAction } from '../calls/call-service.ts';
import { instant } from './clock.ts';
import type { FlowCall, Pass } from './pass.ts';
import type { Entry } from './ledger.ts';
import { failureOf, type Failed, type Outcome } from '../calls/outcome.ts';
import { withCorrection } from '../messages/operator-decisions.ts';
import { TAKES } from '../messages/parking.ts';
import { tooLarge } from '../calls/payload-limit.ts';
import { settleForCorrection, takeNextKey } from '../calls/next-key.ts';
import { performWait } from './perform-wait.ts';
import type { Refusal } from '../author/refusal.ts';
import { runChild } from './run-child.ts';
import type { SagaRun } from './saga-run.ts';
import type { CallKind, Step } from '../author/steps.ts';
import type { Turn } from '../calls/turns.ts';

/** What the flow gets; null when it gets nothing any more. */
type Answer = { readonly value: unknown } | null;

/** Does one step of a pass, whatever its kind, whose turn has come. @throws Error for a step that there is none of */
export const performStep = (run: SagaRun, pass: Pass, call: FlowCall, turn: Turn): Promise<Answer> => {
  const step = run.definition.steps[call.name];
  if (step === undefined) throw new Error(`there is no step ${call.name}`);
  if (step.kind === 'event' || step.kind === 'approval') return performWait(run, pass, call.name, step);
  return performAction(run, pass, step, call, turn);
};

/** What a step answers that an earlier pass has done or skipped; null when it is to be done. It takes no turn, and no time. */
export const answeredBefore = (run: SagaRun, pass: Pass, { name, instance }: FlowCall): Answer => {
  const step = run.definition.steps[name];
  const known = run.ledger.find(name, instance);
  if (step === undefined || step.kind === 'event' || step.kind === 'approval') return null;
  if (known?.state === 'done') return done(run, pass, step, known);
  return known?.state === 'skipped' ? { value: undefined } : null;
};

/**
 * Does a step that acts, by a call or by another saga: opens its entry before its action is first attempted (S1), acts, and reads the
 * outcome. A step that an earlier pass was refused answers from the ledger.
 */
const performAction = async (
  run: SagaRun,
  pass: Pass,
  step: Step<CallKind | 'child'>,
  { name, instance, input }: FlowCall,
  turn: Turn,
): Promise<Answer> => {
  const known = run.ledger.find(name, instance);
  if (known?.refusal) return refused(run, pass, step, known, known.refusal);

  const size = tooLarge(input);
  if (size !== null) throw new Error(`the input is too large to be sent: ${size}`);
  const entry = known ?? run.ledger.open(name, instance, input);
  if (step.kind === 'pivot') run.phase = 'pivot';
  if (step.kind === 'retriable') return performRetriable(run, pass, step, entry, { input, turn });

  // a pivot in flight is never cancelled: its outcome decides the direction (S7)
  const outcome = await actOf(run, step, entry, { input, scope: step.kind === 'pivot' ? pass.sheltered : pass.calls });
  // a call that was never made is none (S20)
  if (outcome.kind === 'cancelled' && !outcome.isSent && known === undefined) {
    run.ledger.forget(entry);
    return null;
  }
  return outcome.kind === 'done' ? ended(run, pass, step, entry, outcome) : failed(run, pass, step, entry, outcome);
};

const actOf = (
  run: SagaRun,
  step: Step<CallKind | 'child'>,
  entry: Entry,
  { input, scope }: { readonly input: unknown; readonly scope: CancellationScope },
): Promise<Outcome> => {
  const { name, instance } = entry;
  run.ledger.change(entry, { state: 'running', input, error: null });
  if (step.kind === 'child') {
    run.ledger.change(entry, { lane: 'durable' });
    const child = { saga: step.saga, key: step.key(input as never), input, step: entry.id };
    return scope.run(() => runChild(run, child));
  }
  run.ledger.change(entry, { lane: step.lane, attempt: 0 });
  const onDurable = (attempt: number): void => run.ledger.change(entry, { lane: 'durable', attempt });
  const isCorrected = run.acts.correction(entry.id) !== undefined;
  const { keyNumber } = entry;
  return callAction(run, step, { name, instance, keyNumber, input, isCorrected }, { scope, onDurable });
};

/** Past the point of no return: until it is done, or an operator, or the step itself, goes on without it (S8). */
const performRetriable = async (
  run: SagaRun,
  pass: Pass,
  step: Step<'retriable'>,
  entry: Entry,
  given: { readonly input: unknown; readonly turn: Turn },
): Promise<Answer> => {
  for (;;) {
    const outcome = await askRetriable(run, step, entry, { given: given.input, scope: pass.calls });
    if (outcome.kind === 'done') return ended(run, pass, step, entry, outcome);
    const { message, attempt } = failureOf(outcome);
    if (step.whenExhausted === 'skip') return skipped(run, entry, message, attempt);
    const isForGood = outcome.kind === 'refused' && outcome.forGood === true;
    const error = isForGood ? message : withCorrection(run, entry, message);
    run.ledger.change(entry, { state: 'parked', error, attempt });
    // whoever waits for a person keeps nobody else from being called
    given.turn.giveUp();
    const act = await run.park(entry.id, error, attempt, isForGood ? TAKES.refusedForGood : TAKES.step);
    if (act.action === 'skip') return skipped(run, entry, message, attempt);
    if (act.action === 'resolve') {
      run.ledger.change(entry, { state: 'done', output: act.output, endedAt: instant() });
      run.ledger.discharge(entry, 'resolved');
      return { value: act.output };
    }
    await given.turn.take();
    if (outcome.kind === 'refused' && !run.acts.isUnsent(entry.id)) takeNextKey(run, entry);
  }
};

/** With a corrected input only once nothing else can come of the key in use. */
const askRetriable = async (
  run: SagaRun,
  step: Step<'retriable'>,
  entry: Entry,
  { given, scope }: { readonly given: unknown; readonly scope: CancellationScope },
): Promise<Outcome> => {
  if (run.acts.isUnsent(entry.id)) {
    const settled = await scope.run(() => settleForCorrection(run, step, entry));
    if (settled !== null) return settled;
    run.acts.send(entry.id);
    takeNextKey(run, entry);
  }
  return actOf(run, step, entry, { input: run.acts.correction(entry.id) ?? given, scope });
};

const skipped = (run: SagaRun, entry: Entry, error: string, attempt: number): Answer => {
  run.ledger.change(entry, { state: 'skipped', error, attempt, endedAt: instant() });
  run.ledger.discharge(entry, 'skipped');
  return { value: undefined };
};

const ended = (
  run: SagaRun,
  pass: Pass,
  step: Step<CallKind | 'child'>,
  entry: Entry,
  { answer, attempt }: Extract<Outcome, { kind: 'done' }>,
): Answer => {
  run.ledger.change(entry, { state: 'done', output: answer, endedAt: instant(), attempt });
  return done(run, pass, step, entry);
};

const done = (run: SagaRun, pass: Pass, step: Step, entry: Entry): Answer => {
  if (step.kind === 'pivot' || step.kind === 'retriable') run.ledger.discharge(entry, 'kept');
  if (step.kind === 'pivot') pass.goPast();
  return { value: entry.output };
};

/** What is before the point, or the point itself, was not done: an expected refusal is its answer, all else halts the pass. */
const failed = (run: SagaRun, pass: Pass, step: Step<CallKind | 'child'>, entry: Entry, outcome: Failed): Answer => {
  if (outcome.kind === 'refused') {
    const { code, message, attempt } = outcome;
    run.ledger.change(entry, {
      state: 'refused',
      refusal: { code, message },
      error: message,
      attempt,
      endedAt: instant(),
    });
    run.ledger.discharge(entry, 'nothing-to-undo');
    return refused(run, pass, step, entry, { code, message });
  }
  const { message, attempt } = failureOf(outcome);
  const attempts = Math.max(attempt, entry.attempt);
  run.ledger.change(entry, { state: 'unknown', error: message, attempt: attempts, endedAt: instant() });
  if (outcome.kind === 'unknown' && outcome.notSent) run.ledger.discharge(entry, 'nothing-to-undo');
  pass.halt({ step: entry.id, outcome: 'unknown', code: 'unknown', message });
  return null;
};

const refused = (
  run: SagaRun,
  pass: Pass,
  step: Step<CallKind | 'child'>,
  entry: Entry,
  { code, message }: { code: string; message: string },
): Answer => {
  if (step.kind === 'pivot') run.phase = 'compensable';
  if (step.expects.includes(code)) return { value: { refused: code, message } satisfies Refusal };
  pass.halt({ step: entry.id, outcome: 'refused', code, message });
  return null;
};
