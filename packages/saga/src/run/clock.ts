/** Milliseconds since the epoch, as the history has them: for the engine's own records, never for a flow (see ambient.d.ts). */
export const epoch = (): number => Date.now() as unknown as number;

/** The same as RFC 3339 in UTC with milliseconds. */
export const instant = (): string => new Date(epoch()).toISOString();
