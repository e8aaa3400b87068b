import { CancellationScope, sleep } from '@temporalio/workflow';
import type { Cause } from '@amends/contracts';
import { passPoint } from './point-of-no-return.ts';
import { RESULT_MAX_BYTES, tooLarge } from './payload-limit.ts';
import type { SagaRun } from './saga-run.ts';
import { performStep } from './perform-step.ts';
import { pivotOf } from './settle-pivot.ts';
import { messageOf, stepId } from './words.ts';

/** Why a pass of the flow came to a halt, and on which side of the point of no return. */
export interface Halt {
  readonly cause: Cause;
  readonly pastPoint: boolean;
}

/** As in packages/contracts/src/ids.ts: a path would swallow `.` and `..` (decision 0005). */
const INSTANCE = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}$/;

/**
 * One run of a saga's flow, from its top. What an earlier pass has done answers from the ledger; everything else is asked under the
 * same keys.
 *
 * The first halt decides, not the exceptions of the flow (S3): once halted, the steps' promises never settle, so an author who
 * swallows errors, loops, or forgets an `await` can neither go on nor leave an unhandled rejection behind (decision 0003).
 */
export class FlowPass {
  readonly #run: SagaRun;
  readonly #calls = new CancellationScope({ cancellable: true });
  readonly #waits = new CancellationScope({ cancellable: true });
  readonly #inFlight = new Set<Promise<void>>();
  readonly #called = new Set<string>();
  readonly #halting: Promise<void>;
  #haltNow: () => void = () => {};
  /** Without a pivot: the workflow task that passes the point ends before the first retriable step (S8). */
  #pointIsOnRecord: Promise<void> = Promise.resolve();
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
    if (!this.halted.pastPoint) this.#calls.cancel();
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
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
    return this.halted ?? { result };
  }

  /** Runs a call that a halt before the point of no return cancels. */
  cancellable<T>(act: () => Promise<T>): Promise<T> {
    return this.#calls.run(act);
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

  #call(name: string, instance: string | null, input: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const ended = this.#perform(name, instance, input, resolve).finally(() => this.#inFlight.delete(ended));
      this.#inFlight.add(ended);
    });
  }

  async #perform(
    name: string,
    instance: string | null,
    input: unknown,
    answer: (value: unknown) => void,
  ): Promise<void> {
    if (this.halted !== null) return;
    try {
      const wrong = this.#wrongCall(name, instance);
      if (wrong !== null) throw new Error(wrong);
      await this.#pointIsOnRecord;
      if (this.halted !== null) return;
      const answered = await performStep(this.#run, this, { name, instance, input });
      if (this.halted === null && answered !== null) answer(answered.value);
    } catch (error) {
      const begun = this.#run.ledger.find(name, instance);
      if (begun?.state === 'running') this.#run.ledger.change(begun, { state: 'unknown', error: messageOf(error) });
      this.halt({ ...causeOf(error), step: stepId(name, instance) });
    }
  }

  /** The rules that the compiler cannot hold alone (S8), in words; null when the call keeps them. */
  #wrongCall(name: string, instance: string | null): string | null {
    const id = stepId(name, instance);
    if (instance !== null && !INSTANCE.test(instance)) return `'${instance}' is no instance of ${name}`;
    if (this.#called.has(id)) return `${id} is called twice: it needs an instance key`;
    this.#called.add(id);
    const kind = this.#run.definition.steps[name]?.kind;
    if (kind === 'event' || kind === 'approval') return null;
    if (kind === 'retriable' && !this.past) return `${id} is retriable, and before the point of no return`;
    if (kind !== 'retriable' && this.past) return `${id} is not retriable, and past the point of no return`;
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
