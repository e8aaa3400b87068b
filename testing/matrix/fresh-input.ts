import type { Stage } from './stage.ts';

const ENOUGH = 10;

/**
 * An example's input for a run of its own: wherever the example names its business key it names another, and each SKU is one that nobody
 * else buys.
 */
export const freshInput = (example: unknown, key: string, freshKey: string): unknown => {
  const renew = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => renew(item, name));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, renew(inner, member)]));
    }
    if (value === key) return freshKey;
    return name === 'sku' ? `${String(value)}-${freshKey}` : value;
  };
  return renew(example, '');
};

/** Puts ten times of what an input asks for on the shelf. */
export const shelve = async ({ shop, shelved }: Pick<Stage, 'shop' | 'shelved'>, input: unknown): Promise<void> => {
  const wanted = new Map<string, number>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { sku, quantity } = value as { sku?: unknown; quantity?: unknown };
    if (typeof sku === 'string' && typeof quantity === 'number') wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    for (const inner of Object.values(value)) look(inner);
  };
  look(input);
  for (const [sku, quantity] of wanted) {
    if (shelved.has(sku)) continue;
    shelved.set(sku, quantity * ENOUGH);
    await shop.putStock(sku, quantity * ENOUGH);
  }
};
