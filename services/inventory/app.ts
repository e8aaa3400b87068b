import { drizzle } from 'drizzle-orm/node-postgres';
import type { Hono } from 'hono';
import { z } from 'zod';
import { inventory, SetStock } from '../../contracts/inventory.ts';
import { Sku } from '../../contracts/values.ts';
import { participantRoutes } from '@amends/participant';
import { readBody } from '@amends/runtime';
import { createServiceApp, httpProblem, readPath, readQuery, type ServiceParts } from '@amends/participant/service';
import { listOfOrder } from '../of-order.ts';
import { release, reservationsOf, reserve, ship } from './reservations.ts';
import { restock, restockingsOf, withdraw } from './restockings.ts';
import { listStock, setStock, stockOf, StockQuery } from './stock.ts';

const SkuPath = z.object({ sku: Sku });

/** Stock per SKU, what orders have reserved of it, and what came back. */
export const createApp = (parts: ServiceParts): Hono => {
  const { pool } = parts;
  const db = drizzle(pool);
  const app = createServiceApp(parts);

  app.get('/stock', async (c) => c.json(await listStock(db, readQuery(c, StockQuery))));
  app.get('/stock/:sku', async (c) => {
    const { sku } = readPath(c, SkuPath);
    const found = await stockOf(db, sku);
    if (!found) throw httpProblem('not-found', { detail: `nobody has ever had ${sku}` });
    return c.json(found);
  });
  app.put('/stock/:sku', async (c) => {
    const { sku } = readPath(c, SkuPath);
    const { available } = await readBody(c, SetStock);
    const set = await setStock(pool, sku, available);
    if (!set) throw httpProblem('conflict', { detail: `some of ${sku} is reserved` });
    return c.json(set);
  });
  listOfOrder(app, '/reservations', (orderId) => reservationsOf(db, orderId));
  listOfOrder(app, '/restockings', (orderId) => restockingsOf(db, orderId));

  participantRoutes(app, {
    ...parts,
    contract: inventory,
    handlers: {
      reserve: { do: reserve, undo: (tx, { answer }, context) => release(tx, answer.reservationId, context) },
      ship: { do: (tx, { reservationId }) => ship(tx, reservationId) },
      restock: { do: restock, undo: (tx, { answer }, context) => withdraw(tx, answer.restockingId, context) },
    },
  });
  return app;
};
