import type { Context } from 'hono';
import type { IncomingMessage } from 'node:http';

/** Whether a caller has closed its connection, or was too slow, before its request was whole: nobody is there to be answered. */
export const hasLeft = (c: Context): boolean => {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: IncomingMessage };
  return incoming !== undefined && !incoming.complete && incoming.destroyed;
};
