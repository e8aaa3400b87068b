import type { Hono } from 'hono';
import type { Pool } from 'pg';
import { z } from 'zod';
import { deadEvents, discardDead, redrive, redriveAll } from '@amends/events/outbox';
import type { Log } from '@amends/runtime/internal';
import { httpProblem } from './http-problem.ts';
import { pageQuery, pagesOf } from './paging.ts';
import { readPath, readQuery } from './request.ts';

const DeadQuery = z.strictObject(pageQuery);
/** A positive bigint, as text. */
const Id = z.string().regex(/^[1-9]\d{0,17}$/);
const DeadPath = z.object({ id: Id });

/**
 * What became dead of a service's own events, for its operator. `GET /outbox/dead` lists it, oldest first; `POST /outbox/dead/{id}/redrive`
 * sends one again, `POST /outbox/dead/redrive` all; `DELETE /outbox/dead/{id}` gives one up. An event that dies again is a new entry.
 */
export const outboxRoutes = (app: Hono, { pool, log, wake }: { pool: Pool; log: Log; wake: () => void }): void => {
  app.get('/outbox/dead', async (c) => {
    const { cursor, limit } = readQuery(c, DeadQuery);
    const pages = pagesOf('outbox/dead', Id);
    const rows = await deadEvents(pool, { after: pages.after(cursor), limit: limit + 1 });
    return c.json(pages.page(rows, limit, ({ id }) => id));
  });
  app.post('/outbox/dead/redrive', async (c) => {
    const redriven = await redriveAll(pool);
    wake();
    return c.json({ redriven }, 202);
  });
  app.post('/outbox/dead/:id/redrive', async (c) => {
    const { id } = readPath(c, DeadPath);
    if (!(await redrive(pool, id))) throw noSuchEvent(id);
    wake();
    return c.json({ redriven: 1 }, 202);
  });
  app.delete('/outbox/dead/:id', async (c) => {
    const { id } = readPath(c, DeadPath);
    const gone = await discardDead(pool, id);
    if (!gone) throw noSuchEvent(id);
    log.warn(gone, 'a dead event was given up');
    return c.body(null, 204);
  });
};

const noSuchEvent = (id: string) => httpProblem('not-found', { detail: `there is no dead event ${id}` });
