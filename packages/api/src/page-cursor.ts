import { z } from 'zod';
import { fingerprint } from '@amends/runtime/internal';

/** The filter's fingerprint, where the page begins, and a check sum, so that a cursor that was cut or mistyped is told from one of ours. */
const Cursor = z.tuple([z.string(), z.base64url().min(1), z.string()]);

/** A cursor as callers see it: where the next page begins, and of which filter. */
export const writeCursor = (filter: unknown, next: Uint8Array): string => {
  const of = fingerprint(filter);
  const from = Buffer.from(next).toString('base64url');
  return Buffer.from(JSON.stringify([of, from, fingerprint([of, from])])).toString('base64url');
};

/** Where a page begins; `malformed`: we never wrote that; `other-filter`: it continues another list. */
export const readCursor = (filter: unknown, cursor: string): Uint8Array | 'malformed' | 'other-filter' => {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return 'malformed';
  }
  const parsed = Cursor.safeParse(json);
  if (!parsed.success) return 'malformed';
  const [of, from, sum] = parsed.data;
  if (sum !== fingerprint([of, from])) return 'malformed';
  return of === fingerprint(filter) ? Buffer.from(from, 'base64url') : 'other-filter';
};
