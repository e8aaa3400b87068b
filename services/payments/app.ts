import type { HttpBindings } from '@hono/node-server';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { payments } from '../../contracts/payments.ts';
import { participantRoutes } from '@amends/participant';
import { createServiceApp, type ServiceParts } from '@amends/participant/service';
import { listOfOrder } from '../of-order.ts';
import { authorize, voidAuthorization } from './authorize.ts';
import { capture } from './capture.ts';
import type { CardProvider } from './card-provider.ts';
import { cardTrick } from './card-tricks.ts';
import { readLedger } from './ledger.ts';
import { paymentsOf } from './payments.ts';
import { refund, refundsOf } from './refunds.ts';

type OverHttp = { Bindings: HttpBindings };

/** What payments is made of, beside the common: the provider that holds the money. */
export interface PaymentsParts extends ServiceParts {
  readonly provider: CardProvider;
}

/** Holds on customers' money, and the ledger of what was taken and given back. */
export const createApp = ({ provider, ...parts }: PaymentsParts): Hono<OverHttp> => {
  const db = drizzle(parts.pool);
  const app = createServiceApp<OverHttp>(parts);

  app.get('/ledger', async (c) => c.body(await readLedger(db), 200, { 'content-type': 'application/json' }));
  listOfOrder(app, '/payments', (orderId) => paymentsOf(db, orderId));
  listOfOrder(app, '/refunds', (orderId) => refundsOf(db, orderId));

  app.post('/payments', cardTrick(db, parts.token));
  participantRoutes(app, {
    ...parts,
    contract: payments,
    handlers: {
      authorize: { do: authorize(provider), undo: voidAuthorization(provider) },
      capture: { do: capture(provider) },
      refund: { do: refund(provider) },
    },
  });
  return app;
};
