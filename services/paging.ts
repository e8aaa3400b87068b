import { z } from 'zod';
import { problemError } from '../platform/http/problem.ts';

/** One page of a list; `next` is the cursor of the one after it, null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 200;

/** `?cursor=&limit=` of every list that has pages. */
export const pageQuery = {
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE),
};

/**
 * Cursors of one list under one filter: opaque, and worth nothing with another list or filter.
 *
 * @param scope the list with its filter, e.g. `orders?status=placed`
 * @param Position what the list is sorted by, of its last item
 */
export const pagesOf = <P>(scope: string, Position: z.ZodType<P>) => {
  const Cursor = z.tuple([z.literal(scope), Position]);
  return {
    /** Where the page begins: after that position. 422 when the cursor is not of this list and filter. */
    after: (cursor: string | undefined): P | undefined => {
      if (cursor === undefined) return undefined;
      const parsed = Cursor.safeParse(fromText(cursor));
      if (parsed.success) return parsed.data[1];
      throw problemError(
        'invalid',
        { status: 422, title: 'The request is not of the published form' },
        { errors: [{ path: 'cursor', message: 'is not a cursor of this list and filter' }] },
      );
    },
    /** The page out of `limit + 1` rows, of which the last only says that there is more. */
    page: <T>(rows: readonly T[], limit: number, positionOf: (row: T) => P): Page<T> => {
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, next: rows.length > limit && last !== undefined ? toText([scope, positionOf(last)]) : null };
    },
  };
};

const toText = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const fromText = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};
