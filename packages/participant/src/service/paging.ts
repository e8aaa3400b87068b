import { z } from 'zod';
import { httpProblem } from './http-problem.ts';

/** One page of a list; `next` is the cursor of the one after it, null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 200;

/** `?cursor=&limit=` of every list that has pages. */
export const pageQuery = {
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE),
};

const AnyCursor = z.tuple([z.string(), z.unknown()]);

/**
 * Cursors of one list under one filter: opaque, and worth nothing with another list or filter.
 *
 * @param scope the list with its filter, e.g. `orders?status=placed`
 * @param Position what the list is sorted by, of its last item
 */
export const pagesOf = <P>(scope: string, Position: z.ZodType<P>) => {
  return {
    /** Where the page begins: after that position. 400 when the cursor is none, 422 when it is of another list or filter. */
    after: (cursor: string | undefined): P | undefined => {
      if (cursor === undefined) return undefined;
      const [of, position] = AnyCursor.safeParse(fromText(cursor)).data ?? [];
      if (of !== undefined && of !== scope) {
        const message = 'it belongs to another list, or to one with another filter';
        throw httpProblem('invalid', { errors: [{ path: 'cursor', message }] });
      }
      const parsed = Position.safeParse(position);
      if (parsed.success) return parsed.data;
      const detail = 'the cursor is none that was given out here';
      throw httpProblem('bad-request', { detail });
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
