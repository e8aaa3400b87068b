import type { Context } from 'hono';
import { z } from 'zod';
import { GivenKey } from '@amends/contracts/internal';
import { parseOr422 } from '@amends/runtime/internal';

/** The query by a schema; a parameter left empty counts as absent. 422 lists what is wrong. */
export const readQuery = <T>(c: Context, schema: z.ZodType<T>): T =>
  parseOr422(Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== '')), schema);

/** The path's parameters by a schema. 422 lists what is wrong. */
export const readPath = <T>(c: Context, schema: z.ZodType<T>): T => parseOr422(c.req.param(), schema);

/** `{orderId}` in a path. */
export const OrderPath = z.object({ orderId: GivenKey });

/** `?orderId=`: only what belongs to that order, and never everything by mistake. */
export const OfOrder = z.strictObject({ orderId: GivenKey });
