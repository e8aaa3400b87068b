import type { Order } from '../../contracts/orders.ts';
import { inParallel } from 'amends';
import type { ShopClient } from '../shop-client.ts';
import { onHand } from '../checks/check-stock.ts';

/** What stood on the shelves before the first order: `initial` is available + reserved + shipped of each SKU. */
export interface Shelves {
  readonly initial: ReadonlyMap<string, number>;
  readonly put: number;
  readonly alreadyThere: number;
}

/** Puts `available` of every SKU of the orders on its shelf; a SKU that the inventory knows already stays as it is. */
export const stockShelves = async (
  client: Pick<ShopClient, 'stock' | 'putStock'>,
  orders: readonly Order[],
  available: number,
  parallel: number,
): Promise<Shelves> => {
  const known = new Map((await client.stock()).map((item) => [item.sku, onHand(item)]));
  const skus = [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  const fresh = skus.filter((sku) => !known.has(sku));
  const wasPut = await inParallel(fresh, parallel, (sku) => client.putStock(sku, available));
  const put = fresh.filter((_, i) => wasPut[i]);
  // somebody else was faster, and orders have reserved of it already: what stands there counts
  if (put.length < fresh.length) for (const item of await client.stock()) known.set(item.sku, onHand(item));
  for (const sku of put) known.set(sku, available);
  return {
    initial: new Map(skus.map((sku) => [sku, known.get(sku) ?? 0])),
    put: put.length,
    alreadyThere: skus.length - put.length,
  };
};
