import type { Context, MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** JSON under whatever name, and CloudEvents in a format that the route then reads or refuses. */
const TAKEN = /^application\/(?:(?:[\w.!#$&^-]+\+)?json|cloudevents(?:-batch)?(?:\+[\w.-]+)?)\s*(?:;|$)/i;

/**
 * Takes bodies that are JSON or CloudEvents by their `content-type`; 415 for any other. No web page can send such a type to another site
 * unasked. A request without a body needs no type.
 */
export const onlyJsonBodies: MiddlewareHandler = async (c, next) => {
  if (TAKEN.test(c.req.header('content-type') ?? '') || !hasBody(c)) return next();
  return problem(
    'unsupported-type',
    { status: 415, title: 'The body is neither JSON nor a CloudEvent by its content-type' },
    { detail: `its content-type is ${c.req.header('content-type') ?? 'missing'}: send application/json` },
  );
};

/** HTTP/1.1 announces a body by one of two headers; a request that was made in this process may do without. */
const hasBody = (c: Context): boolean => {
  const length = c.req.header('content-length');
  if (length !== undefined) return length !== '0';
  if (c.req.header('transfer-encoding') !== undefined) return true;
  return !cameOverHttp(c) && c.req.raw.body !== null;
};

const cameOverHttp = (c: Context): boolean => 'incoming' in ((c.env as object | undefined) ?? {});
