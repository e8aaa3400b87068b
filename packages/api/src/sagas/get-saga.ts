import type { Hono } from 'hono';
import { viewSaga } from '@amends/client/internal';
import { etagOf, matchesNone } from './etag.ts';
import { fail } from '../problems.ts';
import type { SagaTemporal } from '@amends/client/internal';

/** `GET /sagas/{id}`: the saga's view, with its version as a strong ETag; 304 while it is the version asked with. */
export const getSaga = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  app.get('/sagas/:id', async (c) => {
    const id = c.req.param('id');
    const view = await viewSaga(temporal, id);
    if (!view) throw fail('not-found', { detail: `there is no saga ${id}` });
    c.header('ETag', etagOf(view));
    return matchesNone(c.req.header('if-none-match'), etagOf(view)) ? c.json(view) : c.body(null, 304);
  });
};
