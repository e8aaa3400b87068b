import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { notifications } from '../../contracts/notifications.ts';
import { participantRoutes } from '@amends/participant';
import { createServiceApp, type ServiceParts } from '@amends/participant/service';
import { listOfOrder } from '../of-order.ts';
import { notificationsOf, send } from './notifications.ts';

/** What customers are told. */
export const createApp = (parts: ServiceParts): Hono => {
  const db = drizzle(parts.pool);
  const app = createServiceApp(parts);
  listOfOrder(app, '/notifications', (orderId) => notificationsOf(db, orderId));
  participantRoutes(app, { ...parts, contract: notifications, handlers: { send: { do: send } } });
  return app;
};
