import { randomUUID } from 'node:crypto';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { CancelOrder, orders, PlaceOrder, ReturnOrder } from '../../contracts/orders.ts';
import { participantRoutes } from '@amends/participant';
import { readBody } from '@amends/runtime';
import { createServiceApp, httpProblem, readPath, readQuery, type ServiceParts } from '@amends/participant/service';
import { OrderPath } from '../of-order.ts';
import { acceptOrder } from './accept-order.ts';
import { requestCancel } from './cancel-order.ts';
import { placeOrder } from './place-order.ts';
import { listOrders, OrdersQuery, viewOrder } from './read-side/order-views.ts';
import { rebuildRoute, type ReadStream } from './read-side/rebuild-route.ts';
import { releaseOrder } from './release-order.ts';
import { requestReturn } from './return-order.ts';

/**
 * Orders and where they stand. `wake` tells the outbox's relay that there is something to publish; `readStream` is where the read side is
 * made anew from, where there is a broker.
 */
export const createApp = ({
  wake,
  readStream,
  ...parts
}: ServiceParts & { wake: () => void; readStream?: ReadStream }): Hono => {
  const { pool } = parts;
  const db = drizzle(pool);
  const app = createServiceApp(parts);

  app.post('/orders', async (c) => {
    const asked = await readBody(c, PlaceOrder);
    const order = { ...asked, orderId: asked.orderId ?? `o-${randomUUID()}` };
    const { orderId } = order;
    const placed = await placeOrder(pool, order);
    if (placed.outcome === 'other-content') {
      throw httpProblem('conflict', { detail: `there is another order ${orderId}` });
    }
    wake();
    c.header('location', `/orders/${orderId}`);
    return c.json({ orderId, status: placed.status }, placed.outcome === 'placed' ? 201 : 200);
  });
  app.get('/orders', async (c) => c.json(await listOrders(db, readQuery(c, OrdersQuery))));
  app.get('/orders/:orderId', async (c) => {
    const { orderId } = readPath(c, OrderPath);
    const view = await viewOrder(db, orderId);
    if (!view) throw noSuchOrder(orderId);
    return c.json(view);
  });
  app.post('/orders/:orderId/cancel', async (c) => {
    const { orderId } = readPath(c, OrderPath);
    const { reason } = await readBody(c, CancelOrder);
    const asked = await requestCancel(pool, orderId, reason);
    if (asked.outcome === 'unknown') throw noSuchOrder(orderId);
    if (asked.outcome === 'requested') {
      wake();
      return c.json({ orderId, status: asked.status }, 202);
    }
    const is = asked.outcome === 'elsewhere' ? `in the work of ${asked.saga}: cancel that` : asked.status;
    throw httpProblem('conflict', { detail: `order ${orderId} is ${is}` });
  });

  app.post('/orders/:orderId/returns', async (c) => {
    const { orderId } = readPath(c, OrderPath);
    const { reason } = await readBody(c, ReturnOrder);
    const asked = await requestReturn(pool, orderId, reason);
    if (asked.outcome === 'unknown') throw noSuchOrder(orderId);
    if (asked.outcome === 'requested') {
      wake();
      return c.json({ orderId, status: asked.status }, 202);
    }
    const detail =
      asked.outcome === 'refused'
        ? `the return of order ${orderId} came to nothing (${asked.reason}), and an order is returned at most once`
        : `order ${orderId} is ${asked.status}`;
    throw httpProblem('conflict', { detail });
  });

  rebuildRoute(app, { ...parts, readStream });
  participantRoutes(app, {
    ...parts,
    contract: orders,
    handlers: {
      accept: { do: acceptOrder, undo: (tx, { input }, context) => releaseOrder(tx, input.orderId, context) },
    },
  });
  return app;
};

const noSuchOrder = (orderId: string) => httpProblem('not-found', { detail: `there is no order ${orderId}` });
