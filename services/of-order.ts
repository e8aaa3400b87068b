import type { Env, Hono } from 'hono';
import { z } from 'zod';
import { readQuery } from '@amends/participant/service';
import { Order } from '../contracts/orders.ts';

/** `{orderId}` in a path. */
export const OrderPath = Order.pick({ orderId: true });

/** `?orderId=`: only what belongs to that order, and never everything by mistake. */
const OfOrder = z.strictObject(OrderPath.shape);

/** `GET <path>?orderId=` → `{items}`, what a service has of one order, oldest first; none is an empty list. */
export const listOfOrder = <E extends Env>(
  app: Hono<E>,
  path: string,
  find: (orderId: string) => Promise<readonly unknown[]>,
): void => {
  app.get(path, async (c) => c.json({ items: await find(readQuery(c, OfOrder).orderId) }));
};
