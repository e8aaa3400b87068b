import type { Hono } from 'hono';
import type { EventType } from '../../../../contracts/events.ts';
import { problems } from '@amends/contracts/internal';
import { consume } from '@amends/events/internal';
import type { Dispatcher } from '@amends/api/internal';
import { eventProblem } from '@amends/events/internal';
import { eventsRoute } from '@amends/events/internal';
import type { KnownEvent } from '@amends/events/internal';
import type { Delivery, Verdict } from '@amends/events/internal';
import { carriesToken } from '../index.ts';
import type { Health } from '@amends/runtime/internal';
import { problemError } from '@amends/runtime/internal';
import type { Log } from '@amends/runtime/internal';
import type { Running } from '@amends/runtime/internal';
import { databaseProblem } from './database-problem.ts';

/** What a service makes of events. */
export interface Listening<T extends EventType> {
  /** The name under which the broker remembers which of them this service has taken. */
  readonly durable: string;
  readonly types: readonly T[];
  /** May be called twice for one event, and for several at once. */
  readonly handle: (event: KnownEvent<T>, delivery: Delivery) => Promise<Verdict>;
}

/** Where events come from; `pushToken`: what whoever pushes one shows. */
interface Heard {
  readonly natsUrl: string | undefined;
  readonly pushToken: string | undefined;
  readonly log: Log;
  readonly health?: Health | undefined;
}

/**
 * Lets a service listen: to the broker, or where there is none at `POST /events`, which answers as the API's does, but only to who shows
 * `pushToken`; without one to nobody. What it is sent of other types is `ignored`.
 */
export const listen = async <T extends EventType>(
  app: Hono,
  { natsUrl, pushToken, log, health, ...listening }: Listening<T> & Heard,
): Promise<readonly Running[]> => {
  if (natsUrl !== undefined) {
    const consumer = await consume({ natsUrl, log, ...listening });
    health?.watch(consumer.reason);
    return [consumer];
  }
  app.use('/events', async (c, next) => {
    const isPost = c.req.method === 'POST';
    if (isPost && (pushToken === undefined || !carriesToken(c.req.header('authorization'), pushToken))) {
      throw problemError('unauthorized', problems.unauthorized, { headers: { 'www-authenticate': 'Bearer' } });
    }
    await next();
  });
  eventsRoute(app, { dispatcher: overHttp(listening, log), lineOf: ({ subject }) => subject ?? '' });
  return [];
};

const overHttp = <T extends EventType>({ types, handle }: Listening<T>, log: Log): Dispatcher => ({
  dispatch: async (event) => {
    if (!types.some((type) => type === event.type)) return { outcome: 'ignored', problem: null };
    const verdict = await handle(event as KnownEvent<T>, { publishedAt: new Date(), attempt: 1 }).catch(
      (error: unknown) => {
        if (!databaseProblem(error)) log.error({ err: error, type: event.type, event: event.id }, 'an event broke us');
        return undefined;
      },
    );
    if (verdict === 'taken') return { outcome: 'accepted', problem: null };
    if (verdict === undefined) {
      return { outcome: 'unavailable', problem: eventProblem('unavailable', { detail: 'it cannot be taken now' }) };
    }
    const outcome = verdict.dead === 'conflict' ? 'conflict' : 'invalid';
    return { outcome, problem: eventProblem(outcome, { detail: verdict.detail }) };
  },
});
