import type { Line } from '../../contracts/values.ts';

/** How many of each SKU, which may stand in several lines. */
export const quantities = (lines: readonly Line[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
};
