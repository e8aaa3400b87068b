import { sql, type SQL } from 'drizzle-orm';
import { bigint, text, timestamp, type PgColumn } from 'drizzle-orm/pg-core';

/** A moment, kept to the millisecond, which is what JSON and JavaScript carry. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** A whole number that JavaScript reads exactly; {@link exactly} holds the column to it. */
export const wholeNumber = (name: string) => bigint(name, { mode: 'number' });

/** A word out of a closed list; {@link oneOf} holds the column to it. */
export const word = <W extends string>(name: string, _words: readonly W[]) => text(name).$type<W>();

/** CHECK: one of the words. */
export const oneOf = (column: PgColumn, words: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(words.map((each) => `'${each}'`).join(', '))})`;

/** CHECK: from `least` to the largest number that JavaScript counts exactly. */
export const exactly = (column: PgColumn, least: number): SQL =>
  sql`${column} between ${sql.raw(String(least))} and ${sql.raw(String(Number.MAX_SAFE_INTEGER))}`;

/** A moment as it goes over the wire: RFC 3339, UTC, milliseconds. For columns that a CHECK says are filled. */
export const isoOf = (moment: Date | null | undefined): string => {
  if (!moment) throw new Error('a moment that must be there is missing');
  return moment.toISOString();
};
