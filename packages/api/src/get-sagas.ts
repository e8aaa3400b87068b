import type { Client } from '@temporalio/client';
import type { Hono } from 'hono';
import { listSagas } from '@amends/client/internal';
import { ListQuery } from './list-query.ts';
import { writeCursor } from './page-cursor.ts';
import { readPage } from './read-page.ts';

/** `GET /sagas`: the sagas of a filter, newest first, without their steps; `next` is the cursor of the next page, or null. */
export const getSagas = (app: Hono, { temporal }: { temporal: Client }): void => {
  app.get('/sagas', async (c) => {
    const { filter, limit, from } = readPage(c, ListQuery);
    const { items, next } = await listSagas(temporal, { filter, limit, from });
    return c.json({ items, next: next && writeCursor(filter, next) });
  });
};
