import type { EventRoutes } from '@amends/events/internal';
import { readEvents } from '@amends/events/internal';
import { listen } from '@amends/participant/service';
import type { ServiceParts } from '@amends/participant/service';
import type { ServiceBody } from '@amends/participant/service';
import { withOutbox } from '@amends/participant/service';
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
  const readStream: ReadStream = natsUrl === undefined ? undefined : (types) => readEvents(natsUrl, types, log);
  const { app, besides } = await withOutbox(parts, routes, (wake) => createApp({ ...parts, wake, readStream }));
  const ends = await listen(app, {
    natsUrl,
    pushToken: routes.natsUrl === undefined ? routes.pushToken : undefined,
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
