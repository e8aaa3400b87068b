/** An example's value for a run of its own: wherever the example names its business key it names another. */
export const renewed = (example: unknown, key: string, freshKey: string): unknown => {
  if (Array.isArray(example)) return example.map((item) => renewed(item, key, freshKey));
  if (typeof example === 'object' && example !== null) {
    return Object.fromEntries(Object.entries(example).map(([name, member]) => [name, renewed(member, key, freshKey)]));
  }
  return example === key ? freshKey : example;
};
