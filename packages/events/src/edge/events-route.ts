import type { Hono } from 'hono';
import type { Dispatcher } from './dispatch.ts';
import { receiveEvents, type ReceiveOptions } from './receive-events.ts';

/** In seconds, with every 503. */
const RETRY_AFTER = { 'retry-after': '1' } as const;

/**
 * `POST /events`: CloudEvents 1.0, binary, structured or as a batch. 202 says that whatever they cause is durable (E2). A problem about
 * some of them carries what became of each, beside what a problem always has.
 */
export const eventsRoute = (
  app: Hono,
  { dispatcher, ...options }: ReceiveOptions & { readonly dispatcher: Dispatcher },
): void => {
  app.post('/events', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const { problem, taken } = await receiveEvents(dispatcher, { headers: c.req.header(), body }, options);
    if (!problem) return c.json(taken, 202);
    return new Response(JSON.stringify({ ...problem, ...taken }), {
      status: problem.status,
      headers: { 'content-type': 'application/problem+json', ...(problem.status === 503 && RETRY_AFTER) },
    });
  });
};
