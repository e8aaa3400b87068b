import { inArray, sql } from 'drizzle-orm';
import type { Line } from '../../contracts/values.ts';
import type { Database } from '@amends/participant/service';
import { quantities } from './quantities.ts';
import { stock } from './schema.ts';

/** Where a unit of goods can be. */
export type Place = 'available' | 'reserved' | 'shipped';

/** A SKU of which less is there than is to be moved. */
export interface Shortage {
  readonly sku: string;
  readonly asked: number;
  readonly there: number;
}

/**
 * Moves goods of every line from one place to another, or none of them and answers what is short; an unknown SKU has nothing.
 *
 * Locks the stock rows in the order of their SKU, so that two orders of the same goods never wait for each other; they are the
 * hottest rows of all, so call it last.
 */
export const moveGoods = async (
  tx: Database,
  lines: readonly Line[],
  { from, to }: { readonly from: Place; readonly to: Place },
): Promise<readonly Shortage[]> => {
  const asked = quantities(lines);
  const skus = [...asked.keys()];
  const rows = await tx.select().from(stock).where(inArray(stock.sku, skus)).orderBy(stock.sku).for('update');
  const there = new Map(rows.map((row) => [row.sku, row[from]]));
  const short = [...asked]
    .map(([sku, quantity]) => ({ sku, asked: quantity, there: there.get(sku) ?? 0 }))
    .filter((each) => each.asked > each.there);
  if (short.length > 0) return short;

  const [source, target] = [sql.identifier(from), sql.identifier(to)];
  await tx.execute(sql`
    update ${stock} set ${source} = ${source} - moved.quantity, ${target} = ${target} + moved.quantity
    from unnest(${sql.param(skus)}::text[], ${sql.param([...asked.values()])}::bigint[]) as moved (sku, quantity)
    where ${stock.sku} = moved.sku`);
  return [];
};

/** Moves goods of which this service's own records say that they are there. */
export const moveAll = async (...[tx, goods, places]: Parameters<typeof moveGoods>): Promise<void> => {
  const [short] = await moveGoods(tx, goods, places);
  if (short) throw new Error(`${short.there} of ${short.sku} are ${places.from}, but ${short.asked} should be`);
};
