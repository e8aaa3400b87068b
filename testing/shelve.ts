import type { Shop } from './shop.ts';

const ENOUGH = 10;

/** An input whose every SKU is one that nobody else buys, and ten times of what it asks for on the shelf. */
export const shelve = async (
  shop: Pick<Shop, 'shelved' | 'putStock'>,
  input: unknown,
  key: string,
): Promise<unknown> => {
  const own = withOwnSkus(input, key);
  for (const [sku, quantity] of wantedIn(own)) {
    if (shop.shelved.has(sku)) continue;
    shop.shelved.set(sku, quantity * ENOUGH);
    await shop.putStock(sku, quantity * ENOUGH);
  }
  return own;
};

const withOwnSkus = (value: unknown, key: string, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => withOwnSkus(item, key, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) => [member, withOwnSkus(inner, key, member)]),
    );
  }
  return name === 'sku' ? `${String(value)}-${key}` : value;
};

const wantedIn = (input: unknown): ReadonlyMap<string, number> => {
  const wanted = new Map<string, number>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { sku, quantity } = value as { sku?: unknown; quantity?: unknown };
    if (typeof sku === 'string' && typeof quantity === 'number') wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    for (const inner of Object.values(value)) look(inner);
  };
  look(input);
  return wanted;
};
