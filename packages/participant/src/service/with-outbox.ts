import type { Hono } from 'hono';
import { migrateOutbox, outboxMetrics, startRelay } from '@amends/events/outbox';
import { openOutlet, type EventRoutes } from '@amends/events/internal';
import { ConfigError, type Running } from '@amends/runtime/internal';
import { outboxRoutes } from './outbox-routes.ts';
import type { ServiceParts } from './service-app.ts';
import type { ServiceBody } from './run-service.ts';

/**
 * A service that publishes: its app, and the outbox from which what it enqueues (`announceFrom`) goes out. The tables, the relay, the
 * figures in `GET /metrics`, and the routes of dead events come with it.
 *
 * @param build makes the app; `wake` is to be called after the commit of whatever has enqueued
 * @throws ConfigError when nobody could take its events: without a broker, and without a system that names receivers
 */
export const withOutbox = async <A extends Hono>(
  parts: ServiceParts,
  routes: EventRoutes,
  build: (wake: () => void) => A,
): Promise<ServiceBody & { readonly app: A; readonly besides: readonly [Running] }> => {
  const { pool, log, metrics, health } = parts;
  if (routes.natsUrl === undefined && routes.receivers.length === 0) {
    throw new ConfigError('NATS_URL must name a broker: nobody else is known who would take the events.');
  }
  await migrateOutbox(pool);
  if (metrics !== undefined) outboxMetrics({ pool, metrics, log });
  const outlet = await openOutlet(routes, log);
  if (outlet.broker) health?.watch(outlet.broker.reason);
  const { wake, close } = startRelay({ pool, targets: outlet.targets, log });
  const app = build(wake);
  outboxRoutes(app, { pool, log, wake });
  const outbox = {
    close: async () => {
      await close();
      await outlet.close();
    },
  };
  return { app, besides: [outbox] };
};
