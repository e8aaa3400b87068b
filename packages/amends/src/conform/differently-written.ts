/** The same JSON value as other text: members in the opposite order, and white space between. */
export const differentlyWritten = (value: unknown): string => `\n ${JSON.stringify(turned(value), null, 3)}\t`;

const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turned(member)]),
  );
};
