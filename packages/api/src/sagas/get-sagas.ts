import type { Hono } from 'hono';
import { listSagas, type SagaPage, type SagaTemporal } from '@amends/client/internal';
import { listQuery } from './list-query.ts';
import { writeCursor } from '../page-cursor.ts';
import { readPage } from '../read-page.ts';
import { Share } from './share.ts';

/** The index is late by more than this anyway. */
const FRESH_MS = 250;

/**
 * `GET /sagas`: the sagas of a filter, newest first, without their steps; `next` is the cursor of the next page, or null. Temporal looks for
 * one page at a time, since each costs it about a millisecond a saga: many who look at the same page share it.
 */
export const getSagas = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  const query = listQuery(temporal.sagas);
  const pages = new Share<SagaPage>(FRESH_MS);
  app.get('/sagas', async (c) => {
    const asked = readPage(c, query);
    const { filter, limit, from } = asked;
    const key = JSON.stringify([filter, limit, from && Buffer.from(from).toString('base64')]);
    const { items, next } = await pages.of(key, () => listSagas(temporal, asked));
    return c.json({ items, next: next && writeCursor(filter, next) });
  });
};
