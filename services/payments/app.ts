import type { HttpBindings } from '@hono/node-server';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { payments } from '../../contracts/payments.ts';
import { participantRoutes } from '../../participant/index.ts';
import { createServiceApp, listOfOrder, type ServiceParts } from '../service-app.ts';
import { cardTrick } from './card-tricks.ts';
import { readLedger } from './ledger.ts';
import { authorize, capture, paymentsOf, voidAuthorization } from './payments.ts';
import { refund, refundsOf } from './refunds.ts';

type OverHttp = { Bindings: HttpBindings };

/** Holds on customers' money, and the ledger of what was taken and given back. */
export const createApp = (parts: ServiceParts): Hono<OverHttp> => {
  const db = drizzle(parts.pool);
  const app = createServiceApp<OverHttp>(parts);

  app.get('/ledger', async (c) => c.json(await readLedger(db)));
  listOfOrder(app, '/payments', (orderId) => paymentsOf(db, orderId));
  listOfOrder(app, '/refunds', (orderId) => refundsOf(db, orderId));

  app.post('/payments', cardTrick(db, parts.token));
  participantRoutes(app, {
    ...parts,
    contract: payments,
    handlers: {
      authorize: { do: authorize, undo: (tx, { answer }) => voidAuthorization(tx, answer.paymentId) },
      capture: { do: (tx, { paymentId }) => capture(tx, paymentId) },
      refund: { do: refund },
    },
  });
  return app;
};
