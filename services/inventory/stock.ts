import { eq, gt } from 'drizzle-orm';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Stock } from '../../contracts/inventory.ts';
import { Sku } from '../../contracts/values.ts';
import { inTransaction, pageQuery, pagesOf, type Database, type Page } from '@amends/participant/service';
import { stock } from './schema.ts';

/** Sets what is on the shelf, of a new SKU too; undefined while some of it is reserved, and then nothing has changed. */
export const setStock = (pool: Pool, sku: string, available: number): Promise<Stock | undefined> =>
  inTransaction(pool, async (tx) => {
    const [row] = await tx
      .insert(stock)
      .values({ sku, available })
      .onConflictDoUpdate({ target: stock.sku, set: { available }, setWhere: eq(stock.reserved, 0) })
      .returning();
    return row;
  });

export const stockOf = async (db: Database, sku: string): Promise<Stock | undefined> => {
  const [row] = await db.select().from(stock).where(eq(stock.sku, sku));
  return row;
};

export const StockQuery = z.strictObject(pageQuery);

const pages = pagesOf('stock', Sku);

/** Every SKU that was ever on the shelf, by name. */
export const listStock = async (db: Database, { cursor, limit }: z.infer<typeof StockQuery>): Promise<Page<Stock>> => {
  const after = pages.after(cursor);
  const rows = await db
    .select()
    .from(stock)
    .where(after === undefined ? undefined : gt(stock.sku, after))
    .orderBy(stock.sku)
    .limit(limit + 1);
  return pages.page(rows, limit, (row) => row.sku);
};
