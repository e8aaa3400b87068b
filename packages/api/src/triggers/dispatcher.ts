import { cancelByEvent, signalSaga, startEarly, type CameEarly, startSaga } from '@amends/client/internal';
import { PayloadTooLarge, isUnavailable, Unavailable, GivenKey } from '@amends/contracts/internal';
import type { WaitingRuns, SagaTemporal } from '@amends/client/internal';
import { sagaId } from '@amends/contracts';
import type { Trigger } from '@amends/contracts';
import type { Log, TimesTable } from '@amends/runtime/internal';
import { carryEvent, type CameAs, eventProblem } from '@amends/events/internal';
import type { KnownEvent, Late } from '@amends/events/internal';
import type { Dispatched, Dispatcher, Outcome } from '@amends/events';
import type { Triggers } from './define-triggers.ts';
import type { TriggerRule } from './trigger-rule.ts';

/** Makes sagas of events, for HTTP and the broker alike; `times` is AMENDS_TIMES, fixed into every start. */
export const createDispatcher = (parts: Parts & { log: Log }): Dispatcher => ({
  dispatch: async (event, as) => {
    const dispatched = await follow(event, as, parts).catch((error: unknown) => notNow(error, event, parts.log));
    const { outcome, problem } = dispatched;
    const line = { outcome, type: event.type, event: event.id, source: event.source, ...(problem && { problem }) };
    if (outcome === 'late' || problem) parts.log.warn(line, 'an event');
    else parts.log.debug(line, 'an event');
    return dispatched;
  },
});

interface Parts {
  readonly triggers: Triggers;
  readonly temporal: SagaTemporal;
  readonly times: TimesTable;
  /** Bounds how much may wait for what starts its saga; without it nothing does. */
  readonly waiting?: WaitingRuns | undefined;
}

const follow = async (event: KnownEvent, as: CameAs | undefined, parts: Parts): Promise<Dispatched> => {
  const rule = parts.triggers.ruleOf(event.type);
  const wrong = rule.does === 'nothing' ? undefined : GivenKey.safeParse(rule.key(event.data)).error;
  if (wrong) {
    const errors = wrong.issues.map(({ message }) => ({ path: 'key', message }));
    const detail = `its saga's key ${errors[0]?.message}`;
    return { outcome: 'invalid', problem: eventProblem('invalid', { detail, errors }) };
  }
  if (rule.does === 'start') return begin(event, rule, parts);
  if (rule.does === 'cancel') return stop(event, as, rule, parts);
  if (rule.does === 'signal') return tell(event, as, rule, parts);
  return plain('ignored');
};

type Rule<Does> = Extract<TriggerRule<unknown>, { does: Does }>;

const begin = async (event: KnownEvent, rule: Rule<'start'>, { temporal, times }: Parts): Promise<Dispatched> => {
  const input = rule.input(event.data);
  const started = await startSaga(temporal, { saga: rule.saga, input, trigger: triggerOf(event), times });
  if (started.outcome === 'started') return plain('accepted');
  if (started.outcome === 'duplicate') return plain('duplicate');
  const detail = `${started.id} was started with other data`;
  return { outcome: 'conflict', problem: eventProblem('conflict', { detail }) };
};

const stop = async (
  event: KnownEvent,
  as: CameAs | undefined,
  rule: Rule<'cancel'>,
  parts: Parts,
): Promise<Dispatched> => {
  const key = rule.key(event.data);
  const id = sagaId(rule.saga, key);
  const cancelled = { actor: event.source, reason: rule.reason(event.data), event: carryEvent(event, as) };
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await cancelByEvent(parts.temporal, { id, message: cancelled });
    if (answer === 'closed') return tooLate(id, answer);
    if (answer === 'taken') return plain('accepted');
    if ((await keep(event, { ...rule, key }, { cancelled }, parts)) === 'kept') return plain('accepted');
  }
  throw new Unavailable(`${id} can neither be cancelled nor kept from starting now`);
};

const tell = async (
  event: KnownEvent,
  as: CameAs | undefined,
  rule: Rule<'signal'>,
  parts: Parts,
): Promise<Dispatched> => {
  const key = rule.key(event.data);
  const id = sagaId(rule.saga, key);
  const { source, type, data } = event;
  const told = { id: event.id, source, type, data, event: carryEvent(event, as) };
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await signalSaga(parts.temporal, { id, event: told });
    if (answer === 'closed') return tooLate(id, answer);
    if (answer !== 'unknown') return plain(answer === 'taken' ? 'duplicate' : 'accepted');
    if ((await keep(event, { ...rule, key }, { event: told }, parts)) === 'kept') return plain('accepted');
  }
  throw new Unavailable(`${id} can neither be told nor kept from starting now`);
};

/** Has what overtook the start of its saga wait for it (E4). */
const keep = async (
  event: KnownEvent,
  { saga, key }: { saga: string; key: string },
  came: CameEarly,
  { temporal, times, waiting }: Parts,
) => {
  if (waiting && !(await waiting.admit())) {
    throw new Unavailable(
      `there is no ${sagaId(saga, key)} yet, and ${waiting.most} others wait for their start already`,
    );
  }
  return startEarly(temporal, { saga, key, trigger: triggerOf(event), times, ...came });
};

/** A saga may come to be while it is kept from starting, and end before it is cancelled. */
const TRIES = 3;

const triggerOf = ({ id, type, source }: KnownEvent): Trigger => ({ kind: 'event', id, type, source });

const tooLate = (saga: string, why: Late['why']): Dispatched => ({
  outcome: 'late',
  problem: null,
  late: { saga, why },
});

const plain = (outcome: Outcome): Dispatched => ({ outcome, problem: null });

const notNow = (error: unknown, event: KnownEvent, log: Log): Dispatched => {
  if (error instanceof PayloadTooLarge) {
    return { outcome: 'invalid', problem: eventProblem('too-large', { detail: error.message }) };
  }
  if (!isUnavailable(error)) log.error({ err: error, type: event.type, event: event.id }, 'an event broke us');
  const detail = isUnavailable(error) ? error.message : 'something broke on this side';
  return { outcome: 'unavailable', problem: eventProblem('unavailable', { detail }) };
};
