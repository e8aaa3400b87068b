import type { Hono } from 'hono';
import {
  consume,
  eventProblem,
  eventsRoute,
  type Delivery,
  type Dispatcher,
  type EventContracts,
  type EventRoutes,
  type KnownEventOf,
  type TypeIn,
  type Verdict,
} from '@amends/events/internal';
import type { Health, Log, Running } from '@amends/runtime/internal';
import { databaseProblem } from './database-problem.ts';
import { requireToken } from './http-problem.ts';

/** What a service makes of events. */
export interface Listening<E extends EventContracts, T extends TypeIn<E>> {
  /** The contracts of the application's events. */
  readonly contracts: E;
  /** The name under which the broker remembers which of them this service has taken. */
  readonly durable: string;
  readonly types: readonly T[];
  /** May be called twice for one event, and for several at once. */
  readonly handle: (event: KnownEventOf<E, T>, delivery: Delivery) => Promise<Verdict>;
}

/** Where events come from, and who is told how it goes. */
interface Heard {
  readonly routes: EventRoutes;
  readonly log: Log;
  readonly health?: Health | undefined;
}

/**
 * Lets a service listen: to the broker, or where there is none at `POST /events`, which answers as the API's does, but only to who shows
 * the push token; without one to nobody. What it is sent of other types is `ignored`.
 */
export const listen = async <E extends EventContracts, T extends TypeIn<E>>(
  app: Hono,
  { routes, log, health, ...listening }: Listening<E, T> & Heard,
): Promise<readonly Running[]> => {
  const { natsUrl } = routes;
  if (natsUrl !== undefined) {
    const consumer = await consume({ natsUrl, log, ...listening });
    health?.watch(consumer.reason);
    return [consumer];
  }
  app.use('/events', async (c, next) => {
    if (c.req.method === 'POST') requireToken(c, routes.pushToken);
    await next();
  });
  const { contracts } = listening;
  eventsRoute(app, { contracts, dispatcher: overHttp(listening, log), lineOf: ({ subject }) => subject ?? '' });
  return [];
};

const overHttp = <E extends EventContracts, T extends TypeIn<E>>(
  { types, handle }: Listening<E, T>,
  log: Log,
): Dispatcher => ({
  dispatch: async (event) => {
    if (!types.some((type) => type === event.type)) return { outcome: 'ignored', problem: null };
    const known = event as unknown as KnownEventOf<E, T>;
    const verdict = await handle(known, { publishedAt: new Date(), attempt: 1 }).catch((error: unknown) => {
      if (!databaseProblem(error)) log.error({ err: error, type: event.type, event: event.id }, 'an event broke us');
      return undefined;
    });
    if (verdict === 'taken') return { outcome: 'accepted', problem: null };
    if (verdict === undefined) {
      return { outcome: 'unavailable', problem: eventProblem('unavailable', { detail: 'it cannot be taken now' }) };
    }
    const outcome = verdict.dead === 'conflict' ? 'conflict' : 'invalid';
    return { outcome, problem: eventProblem(outcome, { detail: verdict.detail }) };
  },
});
