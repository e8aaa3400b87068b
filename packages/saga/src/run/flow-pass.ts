import { CancellationScope, sleep } from '@temporalio/workflow';
import type { Cause } from '@amends/contracts';
import type { FlowCall, Halt, Pass } from './pass.ts';
import { passPoint } from '../author/point-of-no-return.ts';
import { RESULT_MAX_BYTES, tooLarge } from '../calls/payload-limit.ts';
import type { SagaRun } from './saga-run.ts';
import { answeredBefore, performStep } from './perform-step.ts';
import { pivotOf } from '../recovery/settle-pivot.ts';
import { Turns, type Turn } from '../calls/turns.ts';
import { GIVEN_KEY_GRAMMAR, stepId } from '@amends/contracts/protocol';
import { messageOf } from './words.ts';

/** Calls in flight together, and children beside them, which may take days and hold up no call (S20). */
const CALLS_AT_ONCE = 100;
const CHILDREN_AT_ONCE = 100;

/**
 * One run of a saga's flow, from its top. What an earlier pass has done answers from the ledger; everything else is asked under the
 * same keys.
 *
 * The first halt decides, not the exceptions of the flow (S3): once halted, the steps' promises never settle, so an author who
 * swallows errors, loops, or forgets an `await` can neither go on nor leave an unhandled rejection behind (decision 0003).
 */
export class FlowPass implements Pass {
  readonly #run: SagaRun;
  readonly calls = new CancellationScope({ cancellable: true });
  readonly sheltered = new CancellationScope({ cancellable: false });
  readonly #waits = new CancellationScope({ cancellable: true });
  readonly #turns = new Turns(CALLS_AT_ONCE);
  readonly #childTurns = new Turns(CHILDREN_AT_ONCE);
  #inFlight = 0;
  #isIdle: () => void = () => {};
  readonly #called = new Set<string>();
  readonly #halting: Promise<void>;
  #haltNow: () => void = () => {};
  /** Without a pivot: the workflow task that passes the point ends before the first retriable step (S8). */
  #pointIsOnRecord: Promise<void> | null = null;
  halted: Halt | null = null;
  /** Whether this pass has gone past the point of no return. */
  past = false;

  constructor(run: SagaRun) {
    this.#run = run;
    this.#halting = new Promise((resolve) => {
      this.#haltNow = resolve;
    });
  }

  /** Stops the pass; the first cause stands. Waits end, and before the point of no return calls in flight are cancelled too. */
  halt(cause: Cause): void {
    if (this.halted !== null) return;
    this.halted = { cause, pastPoint: this.#run.phase === 'retriable' };
    this.#waits.cancel();
    this.#turns.dismiss();
    this.#childTurns.dismiss();
    if (!this.halted.pastPoint) this.calls.cancel();
    this.#haltNow();
  }

  /** Runs the flow until it returns or halts, and then until every step it called has ended, awaited or not. */
  async toItsEnd(): Promise<{ result: unknown } | Halt> {
    let result: unknown;
    const { definition, input, id, startedAt } = this.#run;
    const facts = { id, startedAt, refuse: refusal };
    const flow = async (): Promise<void> => {
      try {
        result = await definition.flow(input, this.#steps(), facts);
        const size = tooLarge(result, RESULT_MAX_BYTES);
        if (size !== null) throw new Error(`the result is too large to be published: ${size}`);
      } catch (error) {
        this.halt(causeOf(error));
      }
    };
    await Promise.race([flow(), this.#halting]);
    while (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#isIdle = resolve;
      });
    }
    return this.halted ?? { result };
  }

  /** Runs a wait that any halt ends. */
  waiting<T>(act: () => Promise<T>): Promise<T> {
    return this.#waits.run(act);
  }

  /** What the flow gets as `step`: a function a step, and the hook of `pointOfNoReturn`. */
  #steps(): object {
    const calls = Object.entries(this.#run.definition.steps).map(([name, { each }]) => [
      name,
      (...args: readonly unknown[]) =>
        each === null ? this.#call(name, null, args[0]) : this.#call(name, String(args[0]), args[1]),
    ]);
    return { ...(Object.fromEntries(calls) as object), [passPoint]: () => this.#passPoint() };
  }

  /** A wait begins at once; a call, or a child, when its turn comes: until then it is as if it had not been called. */
  #call(name: string, instance: string | null, input: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      if (this.halted !== null) return;
      const wrong = this.#wrongCall(name, instance) ?? this.#calledTwice(name, instance);
      if (wrong !== null) return this.#halted(name, instance, new Error(wrong));
      const call = { name, instance, input };
      const known = answeredBefore(this.#run, this, call);
      if (known !== null) return resolve(known.value);
      const kind = this.#run.definition.steps[name]?.kind;
      if (kind === 'event' || kind === 'approval') return void this.#begin(call, resolve, NO_TURN);
      return (kind === 'child' ? this.#childTurns : this.#turns).ask((turn) => void this.#begin(call, resolve, turn));
    });
  }

  async #begin(call: FlowCall, answer: (value: unknown) => void, turn: Turn): Promise<void> {
    const { name, instance } = call;
    this.#inFlight++;
    try {
      // what was called before the point may come to its turn past it
      const wrong = this.#wrongCall(name, instance);
      if (wrong !== null) throw new Error(wrong);
      if (this.#pointIsOnRecord !== null) await this.#pointIsOnRecord;
      if (turn !== NO_TURN && this.#run.limit.isReached) await this.calls.run(() => this.#run.limit.admitted());
      if (this.halted !== null) return;
      const answered = await performStep(this.#run, this, call, turn);
      if (this.halted === null && answered !== null) answer(answered.value);
    } catch (error) {
      this.#halted(name, instance, error);
    } finally {
      turn.giveUp();
      this.#inFlight--;
      if (this.#inFlight === 0) this.#isIdle();
    }
  }

  #halted(name: string, instance: string | null, error: unknown): void {
    const begun = this.#run.ledger.find(name, instance);
    if (begun?.state === 'running') this.#run.ledger.change(begun, { state: 'unknown', error: messageOf(error) });
    this.halt({ ...causeOf(error), step: stepId(name, instance) });
  }

  /** The rules that the compiler cannot hold alone (S8), in words; null when the call keeps them. */
  #wrongCall(name: string, instance: string | null): string | null {
    const id = stepId(name, instance);
    if (instance !== null && !GIVEN_KEY_GRAMMAR.test(instance)) return `'${instance}' is no instance of ${name}`;
    const kind = this.#run.definition.steps[name]?.kind;
    if (kind === 'event' || kind === 'approval') return null;
    if (kind === 'retriable' && !this.past) return `${id} is retriable, and before the point of no return`;
    if (kind !== 'retriable' && this.past) return `${id} is not retriable, and past the point of no return`;
    return null;
  }

  #calledTwice(name: string, instance: string | null): string | null {
    const id = stepId(name, instance);
    if (this.#called.has(id)) return `${id} is called twice: it needs an instance key`;
    this.#called.add(id);
    return null;
  }

  #passPoint(): void {
    if (this.past || this.halted !== null) return;
    if (pivotOf(this.#run.definition) !== undefined) {
      this.halt(causeOf(new Error('the point of no return comes before the pivot is done')));
      return;
    }
    // a pass that was here before has it on record
    if (this.#run.phase !== 'retriable') this.#pointIsOnRecord = endWorkflowTask();
    this.goPast();
  }

  /** From here on nothing is undone. */
  goPast(): void {
    this.past = true;
    this.#run.phase = 'retriable';
    this.#run.changed();
  }
}

/** Of a wait, which keeps nobody else waiting. */
const NO_TURN: Turn = { take: async () => {}, giveUp: () => {} };

/** What was decided so far is in the history when this resolves: no lost task can take it along. */
const endWorkflowTask = (): Promise<void> => sleep(1, { summary: 'point of no return' });

/** The saga's own no: `throw saga.refuse('return-denied')`. */
class SagaRefusal extends Error {
  override readonly name = 'SagaRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const refusal = (code: string, message = code): Error => new SagaRefusal(code, message);

const causeOf = (error: unknown): Cause =>
  error instanceof SagaRefusal
    ? { step: null, outcome: 'refused', code: error.code, message: messageOf(error) }
    : { step: null, outcome: 'error', code: 'error', message: messageOf(error) };
