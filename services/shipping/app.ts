import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { shipping } from '../../contracts/shipping.ts';
import { participantRoutes } from '../../participant/index.ts';
import { createServiceApp, listOfOrder, type ServiceParts } from '../service-app.ts';
import { book, cancelBooking, shipmentsOf } from './shipments.ts';

/** Bookings at the carrier. */
export const createApp = (parts: ServiceParts): Hono => {
  const db = drizzle(parts.pool);
  const app = createServiceApp(parts);
  listOfOrder(app, '/shipments', (orderId) => shipmentsOf(db, orderId));
  participantRoutes(app, {
    ...parts,
    contract: shipping,
    handlers: { book: { do: book, undo: (tx, { answer }) => cancelBooking(tx, answer.shipmentId) } },
  });
  return app;
};
