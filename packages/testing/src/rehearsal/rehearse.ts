import { stepId } from '@amends/contracts/internal';
import { passPoint } from '@amends/saga/internal';
import type { Definition, Step } from '@amends/saga';
import type { Befalls, Came, Rehearsal, RehearsedCall, RehearsedCause } from './rehearsed.ts';
import { undoOrder } from './undo-order.ts';
import { wrongCall } from './wrong-call.ts';

/** What a rehearsal is given beside the definition. */
export interface Script {
  readonly input: unknown;
  readonly startedAt?: string;
  /** What a step answers when nothing befalls it. */
  readonly usual: (call: RehearsedCall) => unknown;
  readonly befalls?: (call: RehearsedCall) => Befalls | null;
  /** In which order the answers to one wave arrive; as called by default. */
  readonly arrive?: 'as-called' | 'reversed';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Waiting {
  readonly call: Mutable<Rehearsal['calls'][number]>;
  readonly answer: (value: unknown) => void;
}

/** More waves than any flow has; past it the flow loops. */
const WAVES_MAX = 1_000;
const STARTED_AT = '2026-01-01T00:00:00.000Z';

/**
 * Runs a saga's flow in plain Node: a flow knows nothing but `(input, step, saga)`, so neither Temporal nor services nor time are
 * needed. Follows the engine's rules (design section 3): the first halt decides, and from then on nothing is answered.
 */
export const rehearse = (definition: Definition, script: Script): Promise<Rehearsal> =>
  new Rehearsing(definition, script).toItsEnd();

class Rehearsing {
  readonly #definition: Definition;
  readonly #script: Script;
  readonly #calls: Mutable<Rehearsal['calls'][number]>[] = [];
  readonly #wrong: string[] = [];
  readonly #parked: string[] = [];
  #wave: Waiting[] = [];
  #waves = 1;
  #cause: RehearsedCause | null = null;
  #past = false;
  #returned = false;
  #result: unknown = null;

  constructor(definition: Definition, script: Script) {
    this.#definition = definition;
    this.#script = script;
  }

  async toItsEnd(): Promise<Rehearsal> {
    void this.#run();
    await settled();
    while (this.#wave.length > 0 && this.#waves < WAVES_MAX) await this.#answerWave();
    if (!this.#returned && this.#cause === null) this.#wrong.push('the flow waits for something that is no step');
    const { outcome } = this.#cause ?? {};
    return {
      calls: this.#calls,
      end: outcome === undefined ? 'completed' : outcome === 'cancelled' ? 'cancelled' : 'compensated',
      cause: this.#cause,
      undone: this.#cause === null ? [] : this.#undone(),
      parked: this.#parked,
      result: this.#cause === null ? this.#result : null,
      wrong: this.#wrong,
    };
  }

  async #run(): Promise<void> {
    const { name, flow, steps } = this.#definition;
    const { input, startedAt = STARTED_AT } = this.#script;
    const calls = Object.entries(steps).map(([step, { each }]) => [
      step,
      (...args: readonly unknown[]) =>
        each === null ? this.#call(step, null, args[0]) : this.#call(step, String(args[0]), args[1]),
    ]);
    const step = { ...(Object.fromEntries(calls) as object), [passPoint]: () => this.#passPoint() };
    try {
      this.#result = (await flow(input, step, { id: `${name}:rehearsal`, startedAt, refuse })) ?? null;
      this.#returned = true;
      for (const { call } of this.#wave)
        this.#wrong.push(`${call.id} is not awaited: the flow returns before its answer`);
    } catch (error) {
      if (error instanceof Refused) this.#halt({ step: null, outcome: 'refused', code: error.code });
      else this.#broken(null, `the flow throws ${String(error)}`);
    }
  }

  #call(step: string, instance: string | null, input: unknown): Promise<unknown> {
    return new Promise((answer) => {
      if (this.#cause !== null) return;
      const id = stepId(step, instance);
      const { kind } = this.#definition.steps[step] as Step;
      const called = this.#calls.some((other) => other.id === id);
      const wrong = wrongCall({ id, kind, instance, called, past: this.#past });
      if (wrong !== null) {
        this.#broken(id, wrong);
        return;
      }
      const call = { id, step, instance, kind, input, wave: this.#waves, came: 'in-flight' as Came };
      this.#calls.push(call);
      this.#wave.push({ call, answer });
    });
  }

  #passPoint(): void {
    if (this.#past || this.#cause !== null) return;
    const hasPivot = Object.values(this.#definition.steps).some(({ kind }) => kind === 'pivot');
    if (hasPivot) this.#broken(null, 'the point of no return comes before the pivot is done');
    else this.#past = true;
  }

  async #answerWave(): Promise<void> {
    const wave = this.#script.arrive === 'reversed' ? this.#wave.toReversed() : this.#wave;
    this.#wave = [];
    this.#waves++;
    for (const { call, answer } of wave) {
      if (this.#cause !== null) return;
      const usual = await this.#script.usual(call);
      const came = this.#came(call, usual, this.#script.befalls?.(call) ?? null);
      if (came !== null) answer(came.answer);
      await settled();
    }
  }

  /** What the flow is answered; null when nothing. */
  #came(call: Waiting['call'], usual: unknown, befalls: Befalls | null): { answer: unknown } | null {
    const step = this.#definition.steps[call.step] as Step;
    const goesOn = step.kind === 'pivot' || this.#past;
    // past the point nothing is taken back, and a pivot in flight is waited for (S9, S10)
    if (befalls === null || befalls.what === 'answered' || (befalls.what === 'halted' && goesOn)) {
      if (step.kind === 'pivot') this.#past = true;
      call.came = 'done';
      return { answer: befalls?.what === 'answered' ? befalls.value : usual };
    }
    if (befalls.what === 'halted') {
      call.came = 'unknown';
      return this.#halt({ step: null, outcome: befalls.by, code: befalls.by });
    }
    if (step.kind === 'retriable') return this.#exhausted(call, step, usual);
    const code = befalls.what === 'refused' ? befalls.code : 'unknown';
    // settling has blocked an unknown pivot
    call.came = step.kind === 'pivot' ? 'refused' : befalls.what;
    const expected = befalls.what === 'refused' && 'expects' in step && step.expects.includes(code);
    if (expected) return { answer: { refused: code, message: code } };
    return this.#halt({ step: call.id, outcome: befalls.what, code });
  }

  /** Goes on without it, or waits for an operator, who retries. */
  #exhausted(call: Waiting['call'], step: Step<'retriable'>, usual: unknown): { answer: unknown } {
    call.came = step.whenExhausted === 'skip' ? 'skipped' : 'done';
    if (call.came === 'done') this.#parked.push(call.id);
    return { answer: call.came === 'done' ? usual : undefined };
  }

  #broken(step: string | null, words: string): void {
    this.#wrong.push(words);
    this.#halt({ step, outcome: 'error', code: 'error' });
  }

  #halt(cause: RehearsedCause): null {
    this.#cause ??= cause;
    return null;
  }

  #undone(): string[] {
    const { steps } = this.#definition;
    const undone = this.#calls.filter(({ step, came }) => {
      const { kind, ...rest } = steps[step] as Step;
      return (kind === 'compensable' || kind === 'child') && came !== 'refused' && 'undo' in rest && rest.undo !== null;
    });
    return undoOrder(steps, undone).map(({ id }) => id);
  }
}

/** Resolves when the flow has come as far as it can. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** What `saga.refuse` makes. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const refuse = (code: string): Error => new Refused(code);
