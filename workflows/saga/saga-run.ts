import { scheduleActivity, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AuditEntry, Cause, SagaEnd, SagaPhase, SagaStatus, Trigger } from '../../contracts/saga-view.ts';
import type { SagaStart } from '../../contracts/saga-start.ts';
import type { SagaEventToPublish } from '../../contracts/service-call.ts';
import { instant } from './clock.ts';
import { detailsOf } from './current-details.ts';
import { Ledger } from './ledger.ts';
import { Parking } from './parking.ts';
import { TaskAllowance } from './payload-limit.ts';
import type { Definition } from './saga.ts';
import { timesOf, type Times } from './times.ts';

const BY_HAND: Trigger = { kind: 'http', id: null, type: null, source: null };
const PUBLISH_ATTEMPT_MS = 10_000;

/** What a saga knows of itself while it runs. Whoever changes it says so by `changed()`. */
export class SagaRun {
  readonly definition: Definition;
  readonly id: string;
  readonly key: string;
  readonly input: unknown;
  readonly startedAt: string;
  readonly trigger: Trigger;
  readonly times: Times;
  readonly ledger = new Ledger(() => this.changed());
  readonly allowance = new TaskAllowance();
  readonly audit: AuditEntry[] = [];
  readonly #parking = new Parking();
  readonly #published: Promise<unknown>[] = [];
  #shown: { status: unknown; step: unknown };

  phase: SagaPhase = 'compensable';
  /** What failed first; null while nothing has, and after the saga has gone forward all the same. */
  cause: Cause | null = null;
  recovering = false;
  /** From here on nothing is taken any more: the saga is about to end. */
  closing = false;
  end: SagaEnd | null = null;
  result: unknown = null;
  version = 0;

  constructor(definition: Definition, input: unknown, start: SagaStart | undefined) {
    const { workflowId, startTime, searchAttributes } = workflowInfo();
    this.definition = definition;
    this.id = workflowId;
    this.key = workflowId.slice(workflowId.lastIndexOf(':') + 1);
    this.input = input;
    this.startedAt = start?.startedAt ?? startTime.toISOString();
    this.trigger = start?.trigger ?? BY_HAND;
    this.times = timesOf(definition, start?.times ?? { steps: {} });
    this.#shown = { status: searchAttributes['SagaStatus']?.[0], step: null };
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
    return deadline === null ? null : new Date(new Date(this.startedAt).getTime() + deadline).toISOString();
  }

  /** Counts a change and shows it: current details, and search attributes where the status is another. */
  changed(by = 1): void {
    this.version += by;
    setCurrentDetails(detailsOf(this));
    const status = this.status;
    const step = this.parked[0]?.step ?? null;
    const pairs = [];
    if (this.#shown.status === undefined) pairs.push({ key: keyword('SagaKey'), value: this.key });
    if (status !== this.#shown.status) pairs.push({ key: keyword('SagaStatus'), value: status });
    if (step !== this.#shown.step) pairs.push({ key: keyword('SagaStep'), value: step });
    this.#shown = { status, step };
    if (pairs.length > 0) upsertSearchAttributes(pairs);
  }

  /** Puts an act of a person on record. */
  note(actor: string, action: string, step: string | null, reason: string | null): void {
    this.audit.push({ at: instant(), actor, action, step, reason });
    this.changed();
  }

  /** Waits, in plain sight, until an operator takes the step up again (S6). */
  async park(step: string, error: string, attempt: number): Promise<void> {
    const since = instant();
    const waiting = this.#parking.wait({ step, error, attempt, since });
    this.changed();
    const nth = this.#published.length + 1;
    this.#published.push(this.publish('parked', `${this.id}/parked/${nth}`, since));
    await waiting;
  }

  /** Takes a step that nobody waits for any more out of sight. */
  forgetParked(step: string): void {
    this.#parking.forget(step);
    this.changed();
  }

  isParked(step: string): boolean {
    return this.#parking.has(step);
  }

  takeUp(step: string): void {
    this.#parking.takeUp(step);
    this.changed();
  }

  /** Hands an event of this saga to the broker; retried without limit, so it ends only when the broker has it (E6). */
  publish(what: SagaEnd | 'parked', id: string, at: string): Promise<void> {
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
    return scheduleActivity('publishSagaEvent', [event], {
      activityId: `publish ${id}`,
      summary: `publish ${event.type}`,
      startToCloseTimeout: PUBLISH_ATTEMPT_MS,
    });
  }

  /** Resolves when every event published so far has reached the broker. */
  async published(): Promise<void> {
    await Promise.all(this.#published);
  }
}

const keyword = (name: string) => ({ name, type: 'KEYWORD' as const });
