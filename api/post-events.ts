import type { Hono } from 'hono';
import type { Dispatcher } from '../events/dispatcher.ts';
import { receiveEvents } from '../events/receive-events.ts';
import { RETRY_AFTER } from './problems.ts';

/**
 * `POST /events`: CloudEvents 1.0, binary, structured or as a batch. 202 says that Temporal has durably taken whatever they
 * trigger (E2). A problem about some of them carries what became of each, beside what a problem always has.
 */
export const postEvents = (app: Hono, { dispatcher }: { dispatcher: Dispatcher }): void => {
  app.post('/events', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const { problem, taken } = await receiveEvents(dispatcher, { headers: c.req.header(), body });
    if (!problem) return c.json(taken, 202);
    return new Response(JSON.stringify({ ...problem, ...taken }), {
      status: problem.status,
      headers: { 'content-type': 'application/problem+json', ...(problem.status === 503 && RETRY_AFTER) },
    });
  });
};
