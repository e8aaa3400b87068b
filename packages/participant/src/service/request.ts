import type { Context } from 'hono';
import type { z } from 'zod';
import { parseOr422 } from '@amends/runtime/internal';

/** The query by a schema; a parameter left empty counts as absent. 422 lists what is wrong. */
export const readQuery = <T>(c: Context, schema: z.ZodType<T>): T =>
  parseOr422(Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== '')), schema);

/** The path's parameters by a schema. 422 lists what is wrong. */
export const readPath = <T>(c: Context, schema: z.ZodType<T>): T => parseOr422(c.req.param(), schema);
