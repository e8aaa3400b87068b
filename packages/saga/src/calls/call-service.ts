import { CancellationScope, sleep } from '@temporalio/workflow';
import { stepId } from '@amends/contracts/protocol';
import type { SealedOperation, SealedPart, ServiceCall, ServiceOperation } from '@amends/contracts/internal';
import { epoch } from '../run/clock.ts';
import { callInDurableLane, callUntilAnswered, type CallOptions } from './durable-lane.ts';
import { callOnce } from './call-once.ts';
import { callInFastLane, type HandedOver } from './fast-lane.ts';
import { idempotencyKey, type KeyOf } from './idempotency-key.ts';
import type { Outcome } from './outcome.ts';
import type { SagaRun } from '../run/saga-run.ts';
import type { CallStep } from '../author/steps.ts';
import type { Turn } from './turns.ts';
import { camel, inWords } from '../run/words.ts';

/** One call of a service, as the engine means it; the key, the names and the lane are made in this file, once. */
interface Asked extends CallOptions {
  readonly op: ServiceOperation;
  readonly service: string;
  readonly action: string;
  readonly key: string;
  readonly input: unknown;
  readonly lane: 'fast' | 'durable';
  /** It may be sent again. */
  readonly repeatable: boolean;
  /** Told when the call takes the durable lane, with how often it was attempted before. */
  readonly onDurable?: (attempts: number) => void;
}

const NOT_SENT = { kind: 'cancelled', isSent: false } as const;

const notSent = ({ attempts }: HandedOver): Outcome<never> => ({ kind: 'cancelled', isSent: attempts > 0 });

/**
 * Runs one call: in the fast lane where that may be, and in the durable lane what that does not decide, with the budget that is left.
 * Never rejects.
 *
 * @param scope whose cancel ends it; the fast lane, which is never cancelled, does not enter it: a scope costs several promises
 */
const callService = async <T>(
  run: SagaRun,
  asked: Asked,
  scope: CancellationScope = CancellationScope.current(),
): Promise<Outcome<T>> => {
  const { type, id, summary, times, lane, repeatable, onDurable, ...rest } = asked;
  const call: ServiceCall = { ...rest, startedAt: run.startedAt, attemptsBefore: 0 };
  const options: CallOptions = { type, id, summary, times };
  if ((run.limit.isReached || run.recovers) && !(await scope.run(() => isAdmitted(run)))) return NOT_SENT;
  if (!repeatable) return scope.run(() => callOnceOnly(run, { ...call, once: true }, options, onDurable));
  if (scope.consideredCancelled) return NOT_SENT;
  const room = lane === 'fast' && run.allowance.setAside();
  const isFast = typeof room === 'boolean' ? room : await room;
  const due = epoch() + times.budget;
  let before: HandedOver = { kind: 'handed-over', attempts: 0, retryInMs: 0 };
  if (isFast) {
    let fast: Outcome<T> | HandedOver = NOT_SENT;
    if (!scope.consideredCancelled) {
      run.limit.begun();
      fast = await callInFastLane<T>(run.local, call, options);
      run.limit.ended();
    }
    run.allowance.answered(fast);
    if (fast.kind !== 'handed-over') return fast;
    before = fast;
  }
  onDurable?.(before.attempts);
  return scope.run(() => callDurably(run, call, options, { before, due }));
};

/** Whether a call may begin; false when its scope is cancelled meanwhile. */
const isAdmitted = async (run: SagaRun): Promise<boolean> => {
  try {
    await run.limit.admitted();
    if (run.recovers) await run.supersession.allows();
    return true;
  } catch {
    return false;
  }
};

/** What the fast lane has not decided, `before`, until the budget runs out, at `due`. */
const callDurably = async <T>(
  run: SagaRun,
  call: ServiceCall,
  { times, ...shown }: CallOptions,
  { before, due }: { readonly before: HandedOver; readonly due: number },
): Promise<Outcome<T>> => {
  const turn = await new Promise<Turn>((begin) => run.durable.ask(begin));
  try {
    await pauseFor(Math.min(before.retryInMs, due - epoch() - times.attempt));
    await run.allowance.take(call);
  } catch {
    turn.giveUp();
    return notSent(before);
  }
  if (CancellationScope.current().consideredCancelled) {
    turn.giveUp();
    return notSent(before);
  }
  // the durable lane always gets one attempt
  const least = Math.min(times.attempt, Math.ceil(times.budget / 2));
  const left = { attempt: times.attempt, budget: Math.max(due - epoch(), least) };
  const { outcome, repeats } = await run.limit.counted(() =>
    callInDurableLane<T>({ ...call, attemptsBefore: before.attempts }, { ...shown, times: left }),
  );
  turn.giveUp();
  run.changed(repeats);
  if (outcome.kind === 'cancelled' || outcome.attempt > 0) return outcome;
  return { ...outcome, attempt: before.attempts };
};

/** What an outsider is asked that knows no keys. */
const callOnceOnly = async <T>(
  run: SagaRun,
  call: ServiceCall,
  options: CallOptions,
  onDurable: Asked['onDurable'],
): Promise<Outcome<T>> => {
  onDurable?.(0);
  try {
    await run.allowance.take(call);
  } catch {
    return NOT_SENT;
  }
  const { outcome, repeats } = await run.limit.counted(() => callOnce<T>(call, options));
  run.changed(repeats);
  return outcome;
};

/** As long as the service asked to be left alone; a cancel ends it. */
const pauseFor = async (ms: number): Promise<void> => {
  if (ms > 0) await sleep(ms, { summary: 'the service asked to be left alone' });
};

/** The step's action itself. `scope`: whose cancel ends it. */
export const callAction = (
  run: SagaRun,
  step: CallStep,
  asked: KeyOf & { readonly input: unknown; readonly isCorrected: boolean },
  { scope, onDurable }: { readonly scope: CancellationScope; readonly onDurable: (attempts: number) => void },
) => {
  const { name, instance, keyNumber, input, isCorrected } = asked;
  const summary = step.summary?.(input as never) ?? withInstance(inWords(name), instance);
  const call: Asked = {
    op: 'do',
    service: step.service,
    action: step.action,
    key: idempotencyKey(run.id, asked),
    input,
    type: name,
    id: stepId(name, instance),
    summary: `${summary}${keyNumber === 1 ? '' : ` ~${keyNumber}`}${isCorrected ? ', with a corrected input' : ''}`,
    times: run.times.action(name),
    lane: step.lane,
    repeatable: step.repeatable,
    onDurable,
  };
  return callService(run, call, scope);
};

interface Undoing extends KeyOf {
  readonly service: string;
  readonly action: string;
  readonly input: unknown;
  readonly onDurable: (attempts: number) => void;
}

/** What a participant does when told to undo a key; it needs nothing but the key (P9). `input`: an operator's correction, else null. */
export const callUndo = <T>(
  run: SagaRun,
  { name, instance, keyNumber, summary, ...undo }: Undoing & { summary: string },
) =>
  callService<T>(run, {
    ...undo,
    op: 'undo',
    key: idempotencyKey(run.id, { name, instance, keyNumber }),
    type: camel('undo', name),
    id: `undo ${stepId(name, instance)}`,
    summary: withInstance(summary, instance),
    times: run.times.undo(name),
    lane: 'fast',
    repeatable: true,
  });

/** At an outsider an undo is another action, under a key of its own. */
export const callOutsidersUndo = (
  run: SagaRun,
  { name, instance, keyNumber, ...undo }: Undoing & { readonly repeatable: boolean },
) =>
  callService(run, {
    ...undo,
    op: 'do',
    key: idempotencyKey(run.id, { name: camel('undo', name), instance, keyNumber }),
    type: camel('undo', name),
    id: `undo ${stepId(name, instance)}`,
    summary: withInstance(`undo ${inWords(name)}`, instance),
    times: run.times.undo(name),
    lane: 'durable',
  });

/** Asks a participant to fix a step for good: done with its stored answer, or never (P6). */
export const callSettle = <T>(run: SagaRun, { service, action }: CallStep, settled: KeyOf) =>
  callService<T>(run, {
    op: 'settle',
    service,
    action,
    key: idempotencyKey(run.id, settled),
    input: null,
    type: camel('settle', settled.name),
    id: `settle ${stepId(settled.name, settled.instance)}`,
    summary: withInstance(`settle ${inWords(settled.name)}`, settled.instance),
    times: run.times.undo(settled.name),
    lane: 'fast',
    repeatable: true,
  });

/** Asks a participant to refuse whatever is new of this saga and to list what it has (P10). */
export const callSeal = (run: SagaRun, service: string, onDurable: () => void) =>
  wholeList((cursor) => callService(run, { ...sealing(run, service, cursor), onDurable }));

/** The same of one that could not be sealed in its time: until it answers, or the scope is cancelled, or the run is to be continued. */
export const callSealUntilAnswered = (run: SagaRun, service: string, attemptsBefore: number) =>
  wholeList((cursor) => askUntilAnswered(run, sealing(run, service, cursor), attemptsBefore));

/** A list of any length comes in parts, each of which the history takes (S15, S20). */
const wholeList = async (
  ask: (cursor: string | null) => Promise<Outcome<SealedPart>>,
): Promise<Outcome<readonly SealedOperation[]>> => {
  const items: SealedOperation[] = [];
  for (let cursor: string | null = null; ;) {
    const part: Outcome<SealedPart> = await ask(cursor);
    if (part.kind !== 'done') return part;
    items.push(...part.answer.items);
    cursor = part.answer.next;
    if (cursor === null) return { kind: 'done', answer: items, attempt: part.attempt };
  }
};

const askUntilAnswered = async <T>(run: SagaRun, asked: Asked, attemptsBefore: number): Promise<Outcome<T>> => {
  const { type, id, summary, times, lane: _lane, repeatable: _repeatable, ...rest } = asked;
  const call: ServiceCall = { ...rest, startedAt: run.startedAt, attemptsBefore };
  const scope = new CancellationScope({ cancellable: true });
  return scope.run(async () => {
    try {
      for (;;) {
        await run.limit.admitted();
        await run.allowance.take(call);
        const asking = new CancellationScope({ cancellable: true });
        // it is asked for without end, and would keep the run from being continued (S18)
        void asking
          .run(() => run.limit.reached())
          .then(
            () => asking.cancel(),
            () => {},
          );
        const answered = asking.run(() => callUntilAnswered<T>(call, { type, id, summary, times }));
        const outcome = await run.limit.counted(() => answered);
        asking.cancel();
        if (outcome.kind !== 'cancelled' || scope.consideredCancelled) return outcome;
      }
    } catch {
      return { kind: 'cancelled', isSent: true };
    }
  });
};

const sealing = (run: SagaRun, service: string, cursor: string | null): Asked => ({
  op: 'seal',
  service,
  action: '',
  key: run.id,
  input: cursor,
  type: camel('seal', service),
  id: `seal ${service}`,
  summary: `seal ${service}`,
  times: run.times.undo('seal'),
  lane: 'fast',
  repeatable: true,
});

const withInstance = (words: string, instance: string | null): string =>
  instance === null ? words : `${words} ${instance}`;
