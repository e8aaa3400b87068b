import { NOT_TAKEN } from './persist.ts';

const TIMEOUT_MS = 30_000;
/** What says: the same again, later. */
const LATER: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One request; a connection that breaks throws, and a status that asks for a repeat is `NOT_TAKEN`. */
export const post = async (
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array },
): Promise<HttpAnswer | typeof NOT_TAKEN> => {
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (LATER.includes(response.status)) return NOT_TAKEN;
  return { status: response.status, body: JSON.parse(text) as unknown };
};
