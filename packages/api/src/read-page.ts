import type { Context } from 'hono';
import type { z } from 'zod';
import { parseOr422 } from '@amends/runtime/internal';
import { readCursor } from './page-cursor.ts';
import { fail } from './problems.ts';

interface Paged {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * What a list is asked for: its filter, how many, and where the page begins; null: at the start.
 *
 * @throws HTTPException 422 `invalid` with the list of paths, also for a cursor of another list; 400 `bad-request` for one that is none of ours
 */
export const readPage = <Q extends Paged>(
  c: Context,
  schema: z.ZodType<Q>,
): { filter: Omit<Q, keyof Paged>; limit: number; from: Uint8Array | null } => {
  const { limit, cursor, ...filter } = parseOr422(given(c.req.queries()), schema);
  const from = cursor === undefined ? null : readCursor(filter, cursor);
  if (from === 'malformed') throw fail('bad-request', { detail: 'the cursor is none that was given out here' });
  if (from === 'other-filter') {
    throw fail('invalid', { errors: [{ path: 'cursor', message: 'it belongs to a list with another filter' }] });
  }
  return { filter, limit, from };
};

/** An empty parameter is as good as none; one that is given twice is refused by its schema. */
const given = (queries: Readonly<Record<string, readonly string[]>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(queries)
      .filter(([, values]) => values.some((value) => value !== ''))
      .map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
