import { randomUUID } from 'node:crypto';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import {
  type ApproveRequest,
  type EventMessage,
  recoveryId,
  SAGA_TASK_QUEUE,
  type SagaRequest,
  type SagaTimes,
  type SagaUpdate,
  stepId,
} from '@amends/contracts/internal';
import { sagaId, type SagaView, type StepView } from '@amends/contracts';
import { recoverSaga, SAGA_KEY, SAGA_STATUS } from '@amends/client/internal';
import type { FaultRule, Strike } from '../faults/fault-rule.ts';
import type { OpenStage } from './open-stage.ts';
import { NeverThere } from './never-there.ts';
import { patiently } from '../bench/patiently.ts';
import { until } from '../bench/until.ts';
import { eventMessage } from '../bench/event-message.ts';

/** Where nothing is to run out of time. */
const PATIENT: SagaTimes['steps'][string] = { attempt: 10_000, budget: 120_000, undoBudget: 120_000 };
/** A workflow task that is lost with its worker is given to another after this; as in production. */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;
/** The longest that anything may take on a busy machine, a lost worker included. */
const PATIENCE_MS = 90_000;
/** It undoes, or has ended. */
const ENDED: ReadonlySet<string> = new Set(['compensating', 'completed', 'compensated', 'cancelled']);
const BY = { actor: 'ann', reason: 'the matrix' };

export interface PlayTimes {
  readonly deadline?: number;
  /** Of this saga's steps, where they are not {@link PATIENT}. */
  readonly steps?: SagaTimes['steps'];
  /** The same for steps of the sagas that it starts. */
  readonly children?: Readonly<Record<string, SagaTimes['steps']>>;
}

/** The run has ended, or ended while it held an Update that it had not seen. */
const hasClosed = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || /aborted by closing workflow/.test(String(error));

/** A saga that another one starts may not be there yet. */
const ignoreNotStarted = (error: unknown): undefined => {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
};

/** A saga that has ended. */
export interface Closed {
  readonly view: SagaView;
  readonly shownAs: string;
}

/** One saga on a stage: started, struck, acted on, and looked at, as its caller and its operator would. */
export class Play {
  readonly on: OpenStage;
  readonly saga: string;
  readonly key: string;
  readonly id: string;
  readonly input: unknown;
  #handle: WorkflowHandle;
  startedMs = 0;
  /** Sagas of the same key that had completed before this one began: what they have done stays. */
  readonly cameBefore: ReadonlySet<string>;

  constructor(on: OpenStage, saga: string, key: string, input: unknown, cameBefore: readonly string[] = []) {
    this.on = on;
    this.saga = saga;
    this.key = key;
    this.id = sagaId(saga, key);
    this.input = input;
    this.cameBefore = new Set(cameBefore);
    this.#handle = on.client.workflow.getHandle(this.id);
  }

  /** Adds a fault to the service's proxy; of this saga, unless the rule names a child of it. */
  strike(service: string, rule: Omit<FaultRule, 'saga'> & { readonly saga?: string }): Strike {
    const proxy = this.on.services.proxies[service];
    if (proxy === undefined) throw new Error(`the stage starts no service ${service}`);
    return proxy.strike({ saga: this.id, ...rule });
  }

  async start({ deadline, steps = {}, children = {} }: PlayTimes = {}): Promise<void> {
    this.startedMs = Date.now();
    const times: SagaTimes = {
      ...(deadline !== undefined && { deadline }),
      steps: { '*': PATIENT, ...steps },
      children: Object.fromEntries(
        Object.entries(children).map(([child, own]) => [child, { steps: { '*': PATIENT, ...own } }]),
      ),
    };
    const trigger = { kind: 'http', id: null, type: null, source: null } as const;
    await this.on.client.workflow.start(this.saga, {
      workflowId: this.id,
      taskQueue: SAGA_TASK_QUEUE,
      args: [this.input, { startedAt: new Date(this.startedMs).toISOString(), trigger, times }],
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
      typedSearchAttributes: [
        { key: SAGA_STATUS, value: 'running' },
        { key: SAGA_KEY, value: this.key },
      ],
    });
  }

  view(): Promise<SagaView> {
    return patiently(() => this.#handle.query<SagaView>('view'));
  }

  /** Whether Temporal had to give a task of the saga to a worker again: what was done in it was done before. */
  async hasLostATask(): Promise<boolean> {
    const { events } = await this.#handle.fetchHistory();
    return (events ?? []).some(
      ({ workflowTaskTimedOutEventAttributes: late, workflowTaskFailedEventAttributes: failed }) => late ?? failed,
    );
  }

  /** A step's view by its id; undefined when there is none of it. */
  async step(id: string): Promise<StepView | undefined> {
    return (await this.view()).steps.find(({ name, instance }) => stepId(name, instance) === id);
  }

  /** Resolves once the saga is so. */
  until(what: string, so: (view: SagaView) => boolean): Promise<SagaView> {
    return until(`${this.id}: ${what}`, PATIENCE_MS, async () => {
      const view = await this.view().catch(ignoreNotStarted);
      return view !== undefined && so(view) ? view : undefined;
    });
  }

  /** Resolves once that step waits for an operator. */
  parked(id: string): Promise<SagaView> {
    return this.until(`${id} parks`, ({ steps }) =>
      steps.some(
        ({ name, instance, state, undo }) =>
          stepId(name, instance) === id && (state === 'parked' || undo?.state === 'parked'),
      ),
    );
  }

  /** Resolves once that wait waits. */
  async waits(id: string): Promise<void> {
    await this.until(`${id} waits`, ({ steps, status }) => {
      if (ENDED.has(status)) throw new NeverThere(id);
      return steps.some(({ name, state }) => name === id && state === 'running');
    });
  }

  /** Another saga on the same stage: one that this one starts. */
  of(saga: string, key: string): Play {
    return new Play(this.on, saga, key, null);
  }

  async isClosed(): Promise<boolean> {
    const { status } = await this.#handle.describe();
    return status.name !== 'RUNNING' && status.name !== 'CONTINUED_AS_NEW';
  }

  /** Sends an Update; answers with which type it was refused, or null when it was taken. */
  async act(update: SagaUpdate, request: Record<string, unknown> = {}): Promise<string | null> {
    try {
      const args: [SagaRequest] = [{ ...BY, ...request }];
      const updateId = randomUUID();
      await patiently(() => this.#handle.executeUpdate<unknown, [SagaRequest]>(update, { args, updateId }));
      return null;
    } catch (error) {
      if (hasClosed(error)) return 'Closed';
      const { cause } = error as { cause?: unknown };
      if (error instanceof WorkflowUpdateFailedError && cause instanceof ApplicationFailure) return cause.type ?? '?';
      throw error;
    }
  }

  /** Answers an approval. */
  approve(name: string, decision: ApproveRequest['decision']): Promise<string | null> {
    return this.act('approve', { name, decision });
  }

  /** Tells of an event of the saga's key; whether it still takes any. */
  async tell(type: string, data: unknown): Promise<boolean> {
    const message = eventMessage(type, data);
    try {
      await this.#handle.signal<[EventMessage]>('event', message);
      return true;
    } catch (error) {
      if (hasClosed(error)) return false;
      throw error;
    }
  }

  /** Temporal's own cancel, as the Web UI sends it; nobody refuses it. */
  async cancelNatively(): Promise<null> {
    await this.#handle.cancel();
    return null;
  }

  /** Ends the run without its knowing. */
  async kill(): Promise<void> {
    await this.#handle.terminate('the matrix');
  }

  /** Begins the recovery of the killed saga, as the sweep does. */
  async recover(): Promise<void> {
    const begun = await recoverSaga(this.on.client, this.id, { entries: { '*': PATIENT } });
    if (!begun) throw new Error(`the recovery of ${this.id} has not begun`);
    this.#handle = this.on.client.workflow.getHandle(recoveryId(this.id));
  }

  /**
   * Resolves with the last view, and how Temporal shows it, when the saga has closed.
   *
   * @param retrying a step whose instances an operator takes up again where they park: their service was weak for all of them
   */
  async closed({ retrying }: { readonly retrying?: string | undefined } = {}): Promise<Closed> {
    const shownAs = await until(`${this.id} closes`, PATIENCE_MS, async () => {
      const { status } = await this.#handle.describe();
      if (status.name !== 'RUNNING' && status.name !== 'CONTINUED_AS_NEW') return status.name;
      if (retrying !== undefined) await this.#retryParked(retrying);
      return undefined;
    });
    return { view: await this.view(), shownAs };
  }

  async #retryParked(name: string): Promise<void> {
    const { steps } = await this.view();
    for (const parked of steps.filter((one) => one.name === name && one.state === 'parked')) {
      await this.act('retry', { step: stepId(name, parked.instance) });
    }
  }
}
