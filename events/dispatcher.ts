import type { Client } from '@temporalio/client';
import { cancelSaga } from '../client/cancel-saga.ts';
import { PayloadTooLarge } from '../client/payload-too-large.ts';
import { signalSaga } from '../client/signal-saga.ts';
import { startSaga } from '../client/start-saga.ts';
import { isUnavailable } from '../client/unavailable.ts';
import { sagaId } from '../contracts/ids.ts';
import type { Problem } from '../contracts/problems.ts';
import type { Log } from '../platform/log.ts';
import type { TimesTable } from '../platform/times.ts';
import { eventProblem } from './event-problem.ts';
import type { KnownEvent } from './known-event.ts';
import type { TriggerRule } from './trigger-rule.ts';
import { triggers } from './triggers.ts';

/**
 * What became of an event (design section 6). `accepted`, `duplicate`: Temporal has it durably. `ignored`: of a known type
 * that does nothing. `late`: a cancel that comes after its saga's point of no return or end, or a signal after its end. `invalid`: it
 * can never be used. `conflict`: its saga was started with other data. `unavailable`: nothing is decided, the same event is to be sent again.
 */
export const OUTCOMES = ['accepted', 'duplicate', 'ignored', 'late', 'invalid', 'conflict', 'unavailable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** `problem` is null for the first four outcomes. `early`: a cancel or signal whose saga does not exist (yet). */
export interface Dispatched {
  readonly outcome: Outcome;
  readonly problem: Problem | null;
  readonly early?: true;
}

export interface Dispatcher {
  /** Does what the event's trigger says. Never rejects: what went wrong for now is `unavailable`. */
  readonly dispatch: (event: KnownEvent) => Promise<Dispatched>;
}

/** Makes sagas of events, for HTTP and the broker alike; `times` is AMENDS_TIMES, fixed into every start. */
export const createDispatcher = (parts: Parts & { log: Log }): Dispatcher => ({
  dispatch: async (event) => {
    const dispatched = await follow(event, parts).catch((error: unknown) => notNow(error, event, parts.log));
    const { outcome, problem } = dispatched;
    const line = { outcome, type: event.type, event: event.id, source: event.source, ...(problem && { problem }) };
    if (outcome === 'late' || problem) parts.log.warn(line, 'an event');
    else parts.log.debug(line, 'an event');
    return dispatched;
  },
});

interface Parts {
  readonly temporal: Client;
  readonly times: TimesTable;
}

const follow = async (event: KnownEvent, parts: Parts): Promise<Dispatched> => {
  // A type and its data belong together in KnownEvent, but the table forgets which row it gave.
  const rule = triggers[event.type] as TriggerRule<unknown>;
  if (rule.does === 'start') return begin(event, rule, parts);
  if (rule.does === 'cancel') return stop(event, rule, parts);
  if (rule.does === 'signal') return tell(event, rule, parts);
  return plain('ignored');
};

type Rule<Does> = Extract<TriggerRule<unknown>, { does: Does }>;

const begin = async (event: KnownEvent, rule: Rule<'start'>, { temporal, times }: Parts): Promise<Dispatched> => {
  const trigger = { kind: 'event', id: event.id, type: event.type, source: event.source } as const;
  const started = await startSaga(temporal, { saga: rule.saga, input: rule.input(event.data), trigger, times });
  if (started.outcome === 'started') return plain('accepted');
  if (started.outcome === 'duplicate') return plain('duplicate');
  const detail = `${started.id} was started with other data`;
  return { outcome: 'conflict', problem: eventProblem('conflict', { detail }) };
};

const stop = async (event: KnownEvent, rule: Rule<'cancel'>, { temporal }: Parts): Promise<Dispatched> => {
  const id = sagaId(rule.saga, rule.key(event.data));
  const answer = await cancelSaga(temporal, { id, actor: event.source, reason: rule.reason(event.data) });
  if (answer === 'past-pivot' || answer === 'closed') return plain('late');
  return answer === 'unknown' ? tooEarly(id) : plain('accepted');
};

const tell = async (event: KnownEvent, rule: Rule<'signal'>, { temporal }: Parts): Promise<Dispatched> => {
  const id = sagaId(rule.saga, rule.key(event.data));
  const answer = await signalSaga(temporal, { id, event: { id: event.id, type: event.type, data: event.data } });
  if (answer === 'closed') return plain('late');
  return answer === 'unknown' ? tooEarly(id) : plain('accepted');
};

/**
 * A cancel or signal that overtook the start of its saga. Until sagas can be born of one (E4), nothing durable can keep it, so it must
 * not be acknowledged, which would drop it: whoever sent it keeps it and sends it again. An HTTP sender is told 503; the broker gives it
 * again until the saga is there, or until a stated time has passed (take-event.ts).
 */
const tooEarly = (id: string): Dispatched => ({
  outcome: 'unavailable',
  problem: eventProblem('unavailable', { detail: `there is no ${id} yet; send it again` }),
  early: true,
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
