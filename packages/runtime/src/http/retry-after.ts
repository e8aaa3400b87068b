/** A `Retry-After` header, seconds or an HTTP date, in milliseconds, `maxMs` at most; undefined when it says nothing usable. */
export const retryAfterMs = (header: string | null, maxMs: number): number | undefined => {
  if (header === null) return undefined;
  const delay = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(delay) && delay > 0 ? Math.min(delay, maxMs) : undefined;
};
