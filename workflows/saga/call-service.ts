import type { ServiceCall, ServiceOperation } from '../../contracts/service-call.ts';
import { callInDurableLane } from './durable-lane.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { Outcome } from './outcome.ts';
import type { SagaRun } from './saga-run.ts';
import type { Step } from './steps.ts';
import type { CallTimes } from './times.ts';
import { camel, inWords, stepId } from './words.ts';

/** One call of a service, as the engine means it; the key, the names and the lane are made here, once. */
interface Asked {
  readonly op: ServiceOperation;
  readonly service: string;
  readonly action: string;
  readonly key: string;
  readonly input: unknown;
  readonly type: string;
  readonly id: string;
  readonly summary: string;
  readonly times: CallTimes;
}

/** Runs one call in its lane. (The fast lane will be tried first here; for now every call is durable.) */
const callService = async <T>(run: SagaRun, asked: Asked): Promise<Outcome<T>> => {
  const { type, id, summary, times, ...rest } = asked;
  const call: ServiceCall = { ...rest, startedAt: run.startedAt };
  try {
    await run.allowance.take(call);
  } catch {
    return { kind: 'cancelled' };
  }
  const { outcome, repeats } = await callInDurableLane<T>(call, { type, id, summary, times });
  run.changed(repeats);
  return outcome;
};

/** The step's action itself. */
export const callAction = (run: SagaRun, name: string, step: Step, instance: string | null, input: unknown) =>
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
  });

/** What a participant does when told to undo a key; it needs nothing but the key (P9). */
export const callUndo = <T>(
  run: SagaRun,
  name: string,
  instance: string | null,
  { service, action, summary }: { service: string; action: string; summary: string },
) =>
  callService<T>(run, {
    op: 'undo',
    service,
    action,
    key: idempotencyKey(run.id, name, instance),
    input: null,
    type: camel('undo', name),
    id: `undo ${stepId(name, instance)}`,
    summary: withInstance(summary, instance),
    times: run.times.undo(name),
  });

/** At an outsider an undo is another action, under a key of its own. */
export const callOutsidersUndo = (
  run: SagaRun,
  name: string,
  instance: string | null,
  { service, action, input }: { service: string; action: string; input: unknown },
) =>
  callService(run, {
    op: 'do',
    service,
    action,
    key: idempotencyKey(run.id, camel('undo', name), instance),
    input,
    type: camel('undo', name),
    id: `undo ${stepId(name, instance)}`,
    summary: withInstance(`undo ${inWords(name)}`, instance),
    times: run.times.undo(name),
  });

/** Asks a participant to fix a step for good: done with its stored answer, or never (P6). */
export const callSettle = <T>(run: SagaRun, name: string, step: Step) =>
  callService<T>(run, {
    op: 'settle',
    service: step.service,
    action: step.action,
    key: idempotencyKey(run.id, name, null),
    input: null,
    type: camel('settle', name),
    id: `settle ${name}`,
    summary: `settle ${inWords(name)}`,
    times: run.times.undo(name),
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
  });

const withInstance = (words: string, instance: string | null): string =>
  instance === null ? words : `${words} ${instance}`;
