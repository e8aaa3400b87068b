import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { z } from 'zod';
import { ReceiveReturn, shipping } from '../../contracts/shipping.ts';
import { participantRoutes } from '@amends/participant';
import { readBody } from '@amends/runtime';
import { createServiceApp, httpProblem, readPath, type ServiceParts } from '@amends/participant/service';
import { listOfOrder } from '../of-order.ts';
import { receiveReturn } from './receive-return.ts';
import { returnLabelsOf, sendReturnLabel, voidLabel } from './return-labels.ts';
import { book, cancelBooking, cancelParcel, shipmentsOf } from './shipments.ts';

const LabelPath = z.object({ labelId: z.string() });

/** Bookings at the carrier, there and back. `wake` tells the outbox's relay that there is something to publish. */
export const createApp = ({ wake, ...parts }: ServiceParts & { wake: () => void }): Hono => {
  const db = drizzle(parts.pool);
  const app = createServiceApp(parts);
  listOfOrder(app, '/shipments', (orderId) => shipmentsOf(db, orderId));
  listOfOrder(app, '/return-labels', (orderId) => returnLabelsOf(db, orderId));
  app.post('/return-labels/:labelId/received', async (c) => {
    const { labelId } = readPath(c, LabelPath);
    const came = await receiveReturn(parts.pool, labelId, await readBody(c, ReceiveReturn));
    if (came.outcome === 'received') {
      wake();
      return c.json({ labelId, orderId: came.orderId }, 202);
    }
    if (came.outcome === 'unknown') {
      throw httpProblem('not-found', { detail: `there is no return label ${labelId}` });
    }
    const why = came.outcome === 'voided' ? 'is voided' : 'has come already, with something else in its parcel';
    throw httpProblem('conflict', { detail: `return label ${labelId} ${why}` });
  });
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
