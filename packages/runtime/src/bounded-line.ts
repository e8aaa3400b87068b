/** What one line may hold, in characters of JSON; one that holds more is shortened until it does not. */
const LINE_MAX_CHARS = 16_000;
/** From how much is kept of each text and list to how little. */
const BOUNDS = [
  { text: 8_000, list: 100, depth: 8 },
  { text: 1_000, list: 20, depth: 5 },
  { text: 200, list: 5, depth: 3 },
] as const;
const LEAST = { text: 100, list: 5, depth: 1 } as const;

interface Bounds {
  readonly text: number;
  readonly list: number;
  readonly depth: number;
}

/** The members of a log line, cut until they are at most some 16 kB of JSON. What is cut says so. */
export const boundedLine = (members: Record<string, unknown>): Record<string, unknown> => {
  for (const bounds of BOUNDS) {
    const cut = cutMembers(members, bounds);
    if (lengthOf(cut) <= LINE_MAX_CHARS) return cut;
  }
  return cutMembers(members, LEAST);
};

const lengthOf = (members: Record<string, unknown>): number => {
  try {
    return JSON.stringify(members).length;
  } catch {
    return Infinity;
  }
};

const cutMembers = (members: object, bounds: Bounds): Record<string, unknown> => {
  const entries = Object.entries(members);
  const kept = entries.slice(0, bounds.list).map(([name, value]) => [cutText(name, bounds), cutValue(value, bounds)]);
  const left = entries.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ['…', `${left} more`]] : kept) as Record<string, unknown>;
};

const cutValue = (value: unknown, bounds: Bounds): unknown => {
  if (typeof value === 'string') return cutText(value, bounds);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return cutValue(value.toJSON(), bounds);
  if (bounds.depth <= 0) return Array.isArray(value) ? `[… ${value.length}]` : '{…}';
  const inner = { ...bounds, depth: bounds.depth - 1 };
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return cutMembers({ type: name, message, stack, ...(cause !== undefined && { cause }) }, inner);
  }
  if (!Array.isArray(value)) return cutMembers(value, inner);
  const kept = value.slice(0, bounds.list).map((each) => cutValue(each, inner));
  return value.length > kept.length ? [...kept, `… ${value.length - kept.length} more`] : kept;
};

const cutText = (text: string, { text: max }: Bounds): string => (text.length <= max ? text : `${text.slice(0, max)}…`);
