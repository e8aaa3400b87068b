import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Cause, SagaEnd, SagaStatus, Trigger } from '@amends/contracts';
import type {
  AuditEntry,
  ClosingView,
  SagaPhase,
  SagaStart,
  SagaTimes,
  SagaEventToPublish,
} from '@amends/contracts/internal';
import { Answers } from '../messages/answers.ts';
import type { Carried } from './carried.ts';
import { epoch, instant } from './clock.ts';
import { Ledger } from './ledger.ts';
import { LocalActivities } from '../calls/local-activities.ts';
import { OperatorDecisions } from '../messages/operator-decisions.ts';
import { runOwnActivity } from '../calls/own-activity.ts';
import { Parking, type Act, type Takes } from '../messages/parking.ts';
import { TaskAllowance } from '../calls/payload-limit.ts';
import { RunLimit } from './run-limit.ts';
import type { Definition } from '../author/definition.ts';
import { searchAttributes } from './search-attributes.ts';
import { Supersession } from '../recovery/supersession.ts';
import { timesOf, type Times } from './times.ts';
import { Turns } from '../calls/turns.ts';

const BY_HAND: Trigger = { kind: 'http', id: null, type: null, source: null };

/**
 * Calls in the durable lane together. Each may bring two events while a workflow task runs, and a server that has to keep more than a
 * hundred until the task ends fails it instead.
 */
const DURABLE_AT_ONCE = 40;

/** What a saga knows of itself while it runs. Whoever changes it says so by `changed()`. */
export class SagaRun {
  readonly definition: Definition;
  readonly id: string;
  readonly key: string;
  /** Whether this is the recovery run of a killed saga (S14), of which nothing is known but its name. */
  readonly recovers: boolean;
  /** Whether a cancel came before what starts this saga. It knows nothing of its own, but an earlier run of its id, since deleted, may have acted. */
  readonly cancelledBeforeStart: boolean;
  /** Whether what starts this saga has come; until then it has no input and calls nobody (E4). */
  readonly begun: boolean;
  readonly input: unknown;
  readonly startedAt: string;
  readonly trigger: Trigger;
  readonly times: Times;
  /** What the start says of times: for the sagas that this one starts. */
  readonly overrides: SagaTimes;
  readonly ledger: Ledger;
  readonly answers: Answers;
  readonly acts: OperatorDecisions;
  readonly audit: AuditEntry[];
  readonly allowance = new TaskAllowance();
  readonly limit = new RunLimit();
  readonly local = new LocalActivities();
  /** Turns in the durable lane. */
  readonly durable = new Turns(DURABLE_AT_ONCE);
  /** Of a recovery run: whether it may still act. */
  readonly supersession = new Supersession(this.local);
  readonly #parking = new Parking();
  readonly #published: Promise<unknown>[] = [];
  #shown: { status: unknown; step: unknown };
  #ids = 0;

  phase: SagaPhase;
  /** What failed first; null while nothing has, and after the saga has gone forward all the same. */
  cause: Cause | null;
  recovering: boolean;
  /** The number of its last parking: its time in ms, or one more than the one before, so that a run that was reset gives no number again. */
  parkings: number;
  version: number;
  /** Recovery knows whether the pivot was done. */
  pivotFixed = false;
  /** From here on nothing is taken any more: the saga is about to end. */
  closing = false;
  end: SagaEnd | null = null;
  result: unknown = null;

  constructor(definition: Definition, input: unknown, start?: SagaStart, carried?: Carried) {
    const { workflowId, startTime, searchAttributes: attributes } = workflowInfo();
    this.definition = definition;
    this.recovers = start?.recovers !== undefined;
    this.begun = start?.early === undefined;
    this.cancelledBeforeStart = this.begun && start?.cancelled !== undefined;
    this.id = start?.recovers ?? workflowId;
    this.key = this.id.slice(this.id.lastIndexOf(':') + 1);
    this.input = input;
    this.startedAt = isInstant(start?.startedAt) ? start.startedAt : startTime.toISOString();
    this.trigger = start?.trigger ?? BY_HAND;
    this.overrides = start?.times?.steps === undefined ? { steps: {} } : start.times;
    this.times = timesOf(definition, this.overrides);
    this.ledger = new Ledger(() => this.changed(), carried?.entries);
    this.answers = new Answers(carried?.answers);
    this.acts = new OperatorDecisions(carried?.acts);
    this.audit = [...(carried?.audit ?? [])];
    this.phase = carried?.phase ?? 'compensable';
    this.cause = carried?.cause ?? null;
    this.recovering = carried?.recovering ?? false;
    this.parkings = carried?.parkings ?? 0;
    this.version = carried?.version ?? 0;
    this.#shown = { status: attributes['SagaStatus']?.[0], step: attributes['SagaStep']?.[0] ?? null };
  }

  get status(): SagaStatus {
    if (this.end !== null) return this.end;
    if (this.#parking.steps.length > 0) return 'parked';
    return this.recovering ? 'compensating' : 'running';
  }

  get parked() {
    return this.#parking.steps;
  }

  get deadlineAt(): string | null {
    const { deadline } = this.times;
    return deadline === null || !this.begun
      ? null
      : new Date(new Date(this.startedAt).getTime() + deadline).toISOString();
  }

  /** Counts a change, and shows it in search attributes where the status is another. */
  changed(by = 1): void {
    this.version += by;
    const { status, key } = this;
    const step = this.parked[0]?.step ?? null;
    const pairs = searchAttributes({
      ...(this.#shown.status === undefined && { SagaKey: key }),
      ...(status !== this.#shown.status && { SagaStatus: status }),
      ...(step !== this.#shown.step && { SagaStep: step }),
    });
    this.#shown = { status, step };
    if (pairs.length > 0) upsertSearchAttributes(pairs);
  }

  /** Puts an act of a person on record. */
  note(actor: string, action: string, step: string | null, reason: string | null): void {
    this.audit.push({ at: instant(), actor, action, step, reason });
    this.changed();
  }

  /** An activity's id that no other in this run has. */
  nextId(what: string): string {
    this.#ids++;
    return `${what} ${this.#ids}`;
  }

  /** Waits, in plain sight, until an operator acts (S6). */
  async park(step: string, error: string, attempt: number, takes: Takes): Promise<Act> {
    const since = instant();
    const waiting = this.#parking.wait({ step, error, attempt, since, takes });
    this.parkings = Math.max(this.parkings + 1, epoch());
    this.changed();
    this.#published.push(this.publish('parked', `${workflowInfo().workflowId}/parked/${this.parkings}`, since));
    return waiting;
  }

  /** Takes a step that nobody waits for any more out of sight. */
  forgetParked(step: string): void {
    this.#parking.forget(step);
    this.changed();
  }

  findParked(step: string) {
    return this.#parking.find(step);
  }

  takeUp(step: string, act: Act): void {
    if (act.action === 'retry') this.acts.correct(step, act.input);
    this.supersession.forget();
    this.#parking.takeUp(step, act);
    this.changed();
  }

  /**
   * Hands an event of this saga to the broker; retried without limit, so it ends only when the broker has it (E6).
   *
   * @param closing kept in the history by the way
   */
  publish(what: SagaEnd | 'parked', id: string, at: string, closing?: ClosingView): Promise<void> {
    const { name } = this.definition;
    const event: SagaEventToPublish = {
      id,
      type: `${name}.${what}.v1`,
      data: {
        sagaId: this.id,
        saga: name,
        key: this.key,
        status: what,
        result: this.result,
        cause: this.cause,
        at,
      },
    };
    const shown = { id: `publish ${id}`, summary: `publish ${event.type}` };
    return this.limit.counted(() =>
      runOwnActivity(this.local, 'engine:publishEvent', closing ? [event, closing] : [event], shown),
    );
  }

  /** Resolves when every event published so far has reached the broker. */
  async published(): Promise<void> {
    await Promise.all(this.#published);
  }
}

/** A start by hand may say anything. */
const isInstant = (text: unknown): text is string => typeof text === 'string' && !Number.isNaN(Date.parse(text));
