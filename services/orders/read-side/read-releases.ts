import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { orderReleases } from '../schema.ts';

type Release = typeof orderReleases.$inferSelect;

const ROWS_AT_ONCE = 1_000;

/** Every release of an order, some at a time. */
export const readReleases = async function* (pool: Pool): AsyncGenerator<Release[], void> {
  const { orderId, ordinal } = orderReleases;
  let after: readonly [string, number] = ['', 0];
  for (;;) {
    const rows: Release[] = await drizzle(pool)
      .select()
      .from(orderReleases)
      .where(sql`(${orderId}, ${ordinal}) > (${after[0]}, ${after[1]})`)
      .orderBy(orderId, ordinal)
      .limit(ROWS_AT_ONCE);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = [last.orderId, last.ordinal];
  }
};
