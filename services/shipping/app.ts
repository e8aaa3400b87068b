import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { shipping } from '../../contracts/shipping.ts';
import { participantRoutes } from '../../participant/index.ts';
import { createServiceApp, listOfOrder, type ServiceParts } from '../service-app.ts';
import { returnLabelsOf, sendReturnLabel, voidLabel } from './return-labels.ts';
import { book, cancelBooking, cancelParcel, shipmentsOf } from './shipments.ts';

/** Bookings at the carrier, there and back. */
export const createApp = (parts: ServiceParts): Hono => {
  const db = drizzle(parts.pool);
  const app = createServiceApp(parts);
  listOfOrder(app, '/shipments', (orderId) => shipmentsOf(db, orderId));
  listOfOrder(app, '/return-labels', (orderId) => returnLabelsOf(db, orderId));
  participantRoutes(app, {
    ...parts,
    contract: shipping,
    handlers: {
      book: { do: book, undo: (tx, { answer }) => cancelBooking(tx, answer.shipmentId) },
      cancelParcel: { do: cancelParcel },
      sendReturnLabel: { do: sendReturnLabel, undo: (tx, { answer }) => voidLabel(tx, answer.labelId) },
    },
  });
  return app;
};
