import { type CameEarly, recoverSaga, startEarly, startSaga } from '@amends/client/internal';
import { sagaId } from '@amends/contracts';
import type { EventMessage, SagaSignal } from '@amends/contracts/internal';
import type { Step } from '@amends/saga';
import type { FaultRule, Strike } from '../faults/fault-rule.ts';
import type { RehearsedCall } from '../rehearsal/rehearsed.ts';
import type { RehearsedSaga } from '../rehearsal/rehearsed-saga.ts';
import { usualAnswer } from '../rehearsal/usual-answer.ts';
import { rehearsePath } from '../rehearsal/ways.ts';
import { until, untilSo } from '../bench/until.ts';
import type { Bench } from '../bench/start-bench.ts';
import { recoveryOf, type RunningSaga, runningSaga } from '../bench/running-saga.ts';
import { prepareRun, type PreparedRun } from '../prepare-run.ts';
import { endOf } from './end-of.ts';
import { refusing } from '../faults/refusing.ts';
import { type Target, targetOf } from './target.ts';
import { eventMessage } from '../bench/event-message.ts';

/** Where nothing is to run out of time, and where something is. */
const PATIENT = { attempt: 10_000, budget: 120_000, undoBudget: 120_000 };
const QUICK = { attempt: 1_000, budget: 2_500, undoBudget: 2_500, within: 1_000 };
/** A busy machine may lose a workflow task or two. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;
const TRIGGER = { kind: 'http', id: null, type: null, source: null } as const;

interface Starting {
  /** Steps, or `seal`, whose time is soon over. */
  readonly quick?: readonly string[];
  readonly deadlineMs?: number;
  /** What waits are answered otherwise than on the path; undefined: nothing. */
  readonly answers?: Readonly<Record<string, unknown>>;
}

/** Of a history that is wanted: whose it is, what comes about, and on which of its rehearsed paths. */
interface Played {
  readonly saga: string;
  readonly path: string;
  readonly way: string;
}

const keyOf = ({ saga, path }: Played): string => `${saga}.${path}`;

/** One saga that is run to be recorded: started as a caller does, struck at the services' proxies, its waits answered when it waits. */
export class Scene {
  readonly #bench: Bench;
  readonly #saga: RehearsedSaga;
  readonly #wanted: Played;
  readonly #first: PreparedRun['first'];
  readonly #strikes: Strike[] = [];
  readonly key: string;
  readonly input: unknown;
  readonly #left = new AbortController();
  #answering: Promise<void> = Promise.resolve();

  private constructor(bench: Bench, saga: RehearsedSaga, wanted: Played, { input, first }: PreparedRun) {
    this.#bench = bench;
    this.#saga = saga;
    this.#wanted = wanted;
    this.#first = first;
    this.key = keyOf(wanted);
    this.input = input;
  }

  static async prepare(bench: Bench, saga: RehearsedSaga, wanted: Played): Promise<Scene> {
    return new Scene(bench, saga, wanted, await prepareRun(bench, saga, wanted.way, keyOf(wanted)));
  }

  /** Starts the saga, after what has to come before it. */
  async start({ quick = [], deadlineMs, answers = {} }: Starting = {}): Promise<RunningSaga> {
    const { saga } = this.#wanted;
    if (this.#first !== undefined) {
      const first = await this.#begin(this.#first.saga, this.#first.input);
      const end = await endOf(first.handle);
      if (end !== 'completed') throw new Error(`${first.id}, which comes before, is ${end}`);
    }
    for (const { id, step } of await this.calls()) {
      const code = refusedCode(this.#saga.paths[this.#wanted.way]?.answers?.[step]);
      if (code !== undefined) await this.refuse(id, code);
    }
    const running = await this.#begin(saga, this.input, {
      ...Object.fromEntries(quick.map((step) => [`${saga}.${step}`, QUICK])),
      ...(deadlineMs !== undefined && { [saga]: { deadline: deadlineMs } }),
    });
    this.#answering = this.#answerWaits(running, answers);
    return running;
  }

  async #begin(saga: string, input: unknown, times: object = {}): Promise<RunningSaga> {
    const { client } = this.#bench;
    const { id, key } = await startSaga(client, {
      saga,
      input,
      trigger: TRIGGER,
      times: { entries: { '*': PATIENT, ...times } },
    });
    return runningSaga(id, key, client.workflow.getHandle(id));
  }

  /** Something comes before the saga is started. @returns the run that waits for its start */
  async comesEarly(came: CameEarly, startWithin = PATIENCE_MS): Promise<RunningSaga> {
    const { client } = this.#bench;
    const { saga } = this.#wanted;
    const times = { entries: { '*': { ...PATIENT, startWithin } } };
    await startEarly(client, { saga, key: this.key, trigger: TRIGGER, times, ...came });
    const id = sagaId(saga, this.key);
    const { runId } = await client.workflow.getHandle(id).describe();
    return runningSaga(id, this.key, client.workflow.getHandle(id, runId));
  }

  /** The first event that the path waits for. */
  async firstEvent(): Promise<EventMessage> {
    const wait = (await this.calls()).find(({ kind }) => kind === 'event');
    const step = wait && this.#saga.definition.steps[wait.step];
    if (!wait || step?.kind !== 'event') throw new Error(`${this.#wanted.way} waits for no event`);
    const data = await usualAnswer(this.#saga, this.input, this.#saga.paths[this.#wanted.way])(wait);
    return eventMessage(step.event, data, `${this.key}/${wait.step}`);
  }

  /** What the path calls, with this run's input. */
  async calls(): Promise<readonly RehearsedCall[]> {
    return (await rehearsePath(this.#saga, this.#wanted.way, {}, { input: this.input })).calls;
  }

  /** Where the call of that id is struck; a child at a call of its own. */
  async target(id: string, fits?: (step: Step) => boolean): Promise<Target> {
    const call = (await this.calls()).find((one) => one.id === id);
    const target = call && (await targetOf(this.#saga, this.key, call, fits));
    if (target === undefined) throw new Error(`${id} sends nothing that could be struck`);
    return target;
  }

  /** Something befalls the call of that id; its action, unless the rule says otherwise. */
  async strike(id: string, rule: Pick<FaultRule, 'fault'> & Partial<FaultRule>, target?: Target): Promise<Strike> {
    const { step, call, id: saga } = target ?? (await this.target(id));
    const proxy = this.#bench.services.proxies[step.service];
    if (proxy === undefined) throw new Error(`the stage starts no service ${step.service}`);
    const strike = proxy.strike({ saga, op: 'do', step: call.id, ...rule });
    this.#strikes.push(strike);
    return strike;
  }

  async refuse(id: string, code: string, fits?: (step: Step) => boolean): Promise<void> {
    const target = await this.target(id, fits);
    await this.strike(id, refusing(this.#saga.app, target.step, code), target);
  }

  /** Kills the saga, and begins its recovery. */
  async kill(running: RunningSaga): Promise<RunningSaga> {
    await running.handle.terminate('to be recorded');
    const { client } = this.#bench;
    const begun = () => recoverSaga(client, running.id, { entries: { '*': PATIENT } });
    await until(`${running.id} is recovered`, PATIENCE_MS, async () => (await begun()) || undefined);
    return recoveryOf(this.#bench, running);
  }

  /** Kills the child that the saga has started for the call of that id. */
  async killChild(id: string): Promise<void> {
    const { id: child } = await this.target(id);
    await this.#bench.client.workflow.getHandle(child).terminate('to be recorded');
  }

  /** To be called when the run has closed. @throws Error when something that was to befall it never did */
  async leave(): Promise<void> {
    this.#left.abort();
    await this.#answering;
    for (const { rule, struck, release } of this.#strikes) {
      release();
      if (struck() === 0) throw new Error(`${rule.fault} never struck at ${rule.op} ${rule.step}`);
    }
  }

  async #answerWaits(running: RunningSaga, otherwise: Readonly<Record<string, unknown>>): Promise<void> {
    const usual = usualAnswer(this.#saga, this.input, this.#saga.paths[this.#wanted.way]);
    const waits = (await this.calls()).filter(({ kind }) => kind === 'event' || kind === 'approval');
    for (const wait of waits) {
      if (!(await this.#waitsAt(running, wait.step))) return;
      const answer = wait.step in otherwise ? otherwise[wait.step] : await usual(wait);
      const step = this.#saga.definition.steps[wait.step];
      if (answer === undefined || step === undefined) continue;
      if (step.kind === 'approval') {
        await running.act('approve', { name: wait.step, decision: (answer as { decision: string }).decision });
      } else if (step.kind === 'event') {
        const event = eventMessage(step.event, answer, `${running.id}/${wait.step}`);
        await running.handle.signal<[EventMessage]>('event' satisfies SagaSignal, event);
      }
    }
  }

  /** Whether it comes to wait there, before it turns back or ends. A query that is lost is asked again. */
  async #waitsAt(running: RunningSaga, name: string): Promise<boolean> {
    const { signal } = this.#left;
    const left = new Promise<null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null));
    });
    while (!signal.aborted) {
      const view = await Promise.race([running.view(), left]).catch(() => undefined);
      if (view === null || (view !== undefined && view.status !== 'running')) return false;
      if (view?.steps.some((step) => step.name === name && step.state === 'running')) return true;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return false;
  }
}

const refusedCode = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null && 'refused' in answer ? String(answer.refused) : undefined;

/** Resolves when a request is held. */
export const isHeld = ({ rule, holds }: Strike): Promise<void> =>
  untilSo(`${rule.step} is held`, PATIENCE_MS, () => holds() > 0);
