import { CancellationScope } from '@temporalio/workflow';
import { callAction } from './call-service.ts';
import { instant } from './clock.ts';
import type { FlowPass } from './flow-pass.ts';
import type { Entry } from './ledger.ts';
import { failureOf, type Failed } from './outcome.ts';
import { tooLarge } from './payload-limit.ts';
import type { Refusal } from './refusal.ts';
import type { SagaRun } from './saga-run.ts';
import type { Step } from './steps.ts';

/** What the flow gets; null when it gets nothing any more. */
type Answer = { readonly value: unknown } | null;

/**
 * Does one step of a pass: opens its entry before its action is first attempted (S1), calls, and reads the outcome. A step that an
 * earlier pass has done, skipped or been refused answers from the ledger.
 */
export const performStep = async (
  run: SagaRun,
  pass: FlowPass,
  name: string,
  instance: string | null,
  input: unknown,
): Promise<Answer> => {
  const step = run.definition.steps[name];
  if (step === undefined) throw new Error(`there is no step ${name}`);
  const known = run.ledger.find(name, instance);
  if (known?.state === 'done') return done(run, pass, step, known);
  if (known?.state === 'skipped') return { value: undefined };
  if (known?.refusal) return refused(run, pass, step, known, known.refusal);

  const size = tooLarge(input);
  if (size !== null) throw new Error(`the input is too large to be sent: ${size}`);
  const entry = known ?? run.ledger.open(name, instance, input);
  if (step.kind === 'pivot') run.phase = 'pivot';

  for (;;) {
    run.ledger.change(entry, { state: 'running', input, error: null });
    const call = () => callAction(run, name, step, instance, input);
    // a pivot in flight is never cancelled: its outcome decides the direction (S7)
    const outcome = await (step.kind === 'pivot' ? CancellationScope.nonCancellable(call) : pass.cancellable(call));
    if (outcome.kind === 'done') {
      run.ledger.change(entry, { state: 'done', output: outcome.answer, endedAt: instant(), attempt: outcome.attempt });
      return done(run, pass, step, entry);
    }
    if (step.kind !== 'retriable') return failed(run, pass, step, entry, outcome);
    if (await exhausted(run, step, entry, outcome)) return { value: undefined };
  }
};

const done = (run: SagaRun, pass: FlowPass, step: Step, entry: Entry): Answer => {
  if (step.kind !== 'compensable') run.ledger.discharge(entry, 'kept');
  if (step.kind === 'pivot') pass.goPast();
  return { value: entry.output };
};

/** A compensable step or the pivot was not done: an expected refusal is its answer, all else halts the pass. */
const failed = (run: SagaRun, pass: FlowPass, step: Step, entry: Entry, outcome: Failed): Answer => {
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
  run.ledger.change(entry, { state: 'unknown', error: message, attempt, endedAt: instant() });
  pass.halt({ step: entry.id, outcome: 'unknown', code: 'unknown', message });
  return null;
};

const refused = (
  run: SagaRun,
  pass: FlowPass,
  step: Step,
  entry: Entry,
  { code, message }: { code: string; message: string },
): Answer => {
  if (step.kind === 'pivot') run.phase = 'compensable';
  if (step.expects.includes(code)) return { value: { refused: code, message } satisfies Refusal };
  pass.halt({ step: entry.id, outcome: 'refused', code, message });
  return null;
};

/** A retriable step's budget is used up, or it was refused (S8). Resolves true when it is skipped, false when it is to be tried again. */
const exhausted = async (run: SagaRun, step: Step, entry: Entry, outcome: Failed): Promise<boolean> => {
  const { message, attempt } = failureOf(outcome);
  if (step.whenExhausted === 'skip') {
    run.ledger.change(entry, { state: 'skipped', error: message, attempt, endedAt: instant() });
    run.ledger.discharge(entry, 'skipped');
    return true;
  }
  run.ledger.change(entry, { state: 'parked', error: message, attempt });
  await run.park(entry.id, message, attempt);
  return false;
};
