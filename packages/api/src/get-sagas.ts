import type { Hono } from 'hono';
import { listSagas } from '@amends/client/internal';
import { listQuery } from './list-query.ts';
import { writeCursor } from './page-cursor.ts';
import { readPage } from './read-page.ts';
import type { SagaTemporal } from '@amends/client/internal';

/** `GET /sagas`: the sagas of a filter, newest first, without their steps; `next` is the cursor of the next page, or null. */
export const getSagas = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  const query = listQuery(temporal.sagas);
  app.get('/sagas', async (c) => {
    const { filter, limit, from } = readPage(c, query);
    const { items, next } = await listSagas(temporal, { filter, limit, from });
    return c.json({ items, next: next && writeCursor(filter, next) });
  });
};
