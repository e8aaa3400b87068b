import type { Hono } from 'hono';
import { migrateOutbox, outboxMetrics, startRelay } from '@amends/events/outbox';
import { openOutlet, type EventRoutes } from '@amends/events/internal';
import { outboxRoutes } from './outbox-routes.ts';
import type { ServiceParts } from './service-app.ts';
import type { ServiceBody } from './service-process.ts';

/**
 * A service that publishes: its app, and the outbox from which what it enqueues (`announceFrom`) goes out. The tables, the relay, the
 * figures in `GET /metrics`, and the routes of dead events come with it.
 *
 * @param build makes the app; `wake` is to be called after the commit of whatever has enqueued
 */
export const withOutbox = async <A extends Hono>(
  parts: ServiceParts,
  routes: EventRoutes,
  build: (wake: () => void) => A,
): Promise<ServiceBody & { readonly app: A; readonly besides: readonly [{ close: () => Promise<void> }] }> => {
  const { pool, log, metrics, health } = parts;
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
