import type { Client } from '@temporalio/client';
import type { Hono } from 'hono';
import { listSagas } from '../client/list-sagas.ts';
import { parseOr422 } from '../platform/http/body.ts';
import { ListQuery } from './list-query.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import { fail } from './problems.ts';

/** `GET /sagas`: the sagas of a filter, newest first, without their steps; `next` is the cursor of the next page, or null. */
export const getSagas = (app: Hono, { temporal }: { temporal: Client }): void => {
  app.get('/sagas', async (c) => {
    const { limit, cursor, ...filter } = parseOr422(given(c.req.queries()), ListQuery);
    const from = cursor === undefined ? null : readCursor(filter, cursor);
    if (from === 'malformed') throw fail('bad-request', { detail: 'the cursor is none that was given out here' });
    if (from === 'other-filter') {
      throw fail('invalid', { errors: [{ path: 'cursor', message: 'it belongs to a list with another filter' }] });
    }
    const { items, next } = await listSagas(temporal, { filter, limit, from });
    return c.json({ items, next: next && writeCursor(filter, next) });
  });
};

/** An empty parameter is as good as none; one that is given twice is refused by its schema. */
const given = (queries: Readonly<Record<string, readonly string[]>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(queries)
      .filter(([, values]) => values.some((value) => value !== ''))
      .map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
