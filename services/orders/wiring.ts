import { readEvents } from '@amends/events';
import { listen, withOutbox, type EventRoutes, type ServiceBody, type ServiceParts } from '@amends/participant/service';
import { events } from '../../contracts/events.ts';
import { createApp } from './app.ts';
import type { ReadStream } from './read-side/rebuild-route.ts';
import { ORDER_EVENTS, takeOrderEvent } from './take-order-event.ts';

/**
 * The orders service: its app, the relay that publishes what it enqueues, and its read side, which takes the ends of sagas.
 * A broker that is away is waited for; orders are taken meanwhile.
 *
 * @param durable the name under which the broker remembers which ends this service has taken
 */
export const wireOrders = async (
  parts: ServiceParts,
  { durable, ...routes }: EventRoutes & { readonly durable: string },
): Promise<ServiceBody> => {
  const { pool, log } = parts;
  const { natsUrl } = routes;
  const readStream: ReadStream =
    natsUrl === undefined ? undefined : (types) => readEvents({ natsUrl, contracts: events, types }, log);
  const { app, besides } = await withOutbox(parts, routes, (wake) => createApp({ ...parts, wake, readStream }));
  const ends = await listen(app, {
    routes,
    contracts: events,
    durable,
    types: ORDER_EVENTS,
    handle: async (event) => {
      await takeOrderEvent({ pool, log }, event);
      return 'taken';
    },
    log,
    health: parts.health,
  });
  return { app, besides: [...ends, ...besides] };
};
