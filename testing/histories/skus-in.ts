/** Every SKU that a value names, at whatever depth. */
export const skusIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'sku' in value && typeof value.sku === 'string' ? [value.sku] : [];
  return [...own, ...Object.values(value).flatMap(skusIn)];
};
