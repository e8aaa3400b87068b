import { CancellationScope, sleep } from '@temporalio/workflow';
import type { ServiceCall, ServiceOperation } from '@amends/contracts/internal';
import { epoch } from './clock.ts';
import { callInDurableLane, type CallOptions } from './durable-lane.ts';
import { callInFastLane, type HandedOver } from './fast-lane.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { Outcome } from './outcome.ts';
import type { SagaRun } from './saga-run.ts';
import type { CallStep } from './steps.ts';
import { camel, inWords, stepId } from './words.ts';

/** One call of a service, as the engine means it; the key, the names and the lane are made in this file, once. */
interface Asked extends CallOptions {
  readonly op: ServiceOperation;
  readonly service: string;
  readonly action: string;
  readonly key: string;
  readonly input: unknown;
  readonly lane: 'fast' | 'durable';
  /** Told when the call takes the durable lane, with how often it was attempted before. */
  readonly onDurable?: (attempts: number) => void;
}

/**
 * Runs one call: in the fast lane where that may be, and in the durable lane what that does not decide, with the budget that is left.
 * Never rejects.
 */
const callService = async <T>(run: SagaRun, asked: Asked): Promise<Outcome<T>> => {
  const { type, id, summary, times, lane, onDurable, ...rest } = asked;
  const call: ServiceCall = { ...rest, startedAt: run.startedAt, attemptsBefore: 0 };
  const due = epoch() + times.budget;
  try {
    await run.limit.admitted();
  } catch {
    return { kind: 'cancelled' };
  }
  let before: HandedOver = { kind: 'handed-over', attempts: 0, retryInMs: 0 };
  if (CancellationScope.current().consideredCancelled) return { kind: 'cancelled' };
  if (lane === 'fast' && run.allowance.setAside()) {
    const fast = await run.limit.counted(() => callInFastLane<T>(run.local, call, { type, id, summary, times }));
    run.allowance.answered(fast);
    if (fast.kind !== 'handed-over') return fast;
    before = fast;
  }
  onDurable?.(before.attempts);
  try {
    await pauseFor(Math.min(before.retryInMs, due - epoch() - times.attempt));
    await run.allowance.take(call);
  } catch {
    return { kind: 'cancelled' };
  }
  // the durable lane always gets one attempt
  const least = Math.min(times.attempt, Math.ceil(times.budget / 2));
  const left = { attempt: times.attempt, budget: Math.max(due - epoch(), least) };
  const { outcome, repeats } = await run.limit.counted(() =>
    callInDurableLane<T>({ ...call, attemptsBefore: before.attempts }, { type, id, summary, times: left }),
  );
  run.allowance.newTask();
  run.changed(repeats);
  if (outcome.kind === 'cancelled' || outcome.attempt > 0) return outcome;
  return { ...outcome, attempt: before.attempts };
};

/** As long as the service asked to be left alone; a cancel ends it. */
const pauseFor = async (ms: number): Promise<void> => {
  if (ms > 0) await sleep(ms, { summary: 'the service asked to be left alone' });
};

/** The step's action itself. */
export const callAction = (
  run: SagaRun,
  name: string,
  step: CallStep,
  instance: string | null,
  input: unknown,
  onDurable: (attempts: number) => void,
) =>
  callService(run, {
    op: 'do',
    service: step.service,
    action: step.action,
    key: idempotencyKey(run.id, name, instance),
    input,
    type: name,
    id: stepId(name, instance),
    summary: step.summary?.(input as never) ?? withInstance(inWords(name), instance),
    times: run.times.action(name),
    lane: step.lane,
    onDurable,
  });

interface Undoing {
  readonly name: string;
  readonly instance: string | null;
  readonly service: string;
  readonly action: string;
  readonly input: unknown;
  readonly onDurable: (attempts: number) => void;
}

/** What a participant does when told to undo a key; it needs nothing but the key (P9). `input`: an operator's correction, else null. */
export const callUndo = <T>(run: SagaRun, { name, instance, summary, ...undo }: Undoing & { summary: string }) =>
  callService<T>(run, {
    ...undo,
    op: 'undo',
    key: idempotencyKey(run.id, name, instance),
    type: camel('undo', name),
    id: `undo ${stepId(name, instance)}`,
    summary: withInstance(summary, instance),
    times: run.times.undo(name),
    lane: 'fast',
  });

/** At an outsider an undo is another action, under a key of its own. */
export const callOutsidersUndo = (run: SagaRun, { name, instance, ...undo }: Undoing) =>
  callService(run, {
    ...undo,
    op: 'do',
    key: idempotencyKey(run.id, camel('undo', name), instance),
    type: camel('undo', name),
    id: `undo ${stepId(name, instance)}`,
    summary: withInstance(`undo ${inWords(name)}`, instance),
    times: run.times.undo(name),
    lane: 'durable',
  });

/** Asks a participant to fix a step for good: done with its stored answer, or never (P6). */
export const callSettle = <T>(run: SagaRun, name: string, { service, action }: CallStep) =>
  callService<T>(run, {
    op: 'settle',
    service,
    action,
    key: idempotencyKey(run.id, name, null),
    input: null,
    type: camel('settle', name),
    id: `settle ${name}`,
    summary: `settle ${inWords(name)}`,
    times: run.times.undo(name),
    lane: 'fast',
  });

/** Asks a participant to refuse whatever is new of this saga and to list what it has (P10). */
export const callSeal = <T>(run: SagaRun, service: string) =>
  callService<T>(run, {
    op: 'seal',
    service,
    action: '',
    key: run.id,
    input: null,
    type: camel('seal', service),
    id: `seal ${service}`,
    summary: `seal ${service}`,
    times: run.times.undo('seal'),
    lane: 'fast',
  });

const withInstance = (words: string, instance: string | null): string =>
  instance === null ? words : `${words} ${instance}`;
