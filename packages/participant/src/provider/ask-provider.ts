import type { AnyExternal } from '../contract.ts';
import { CALL_LIMIT_MS } from '../operations/lease.ts';
import { refuse, Refusal } from '../refusal.ts';

/** What came of one call; `failed`: nobody knows. */
export type Said =
  | { readonly is: 'result'; readonly result: unknown }
  | { readonly is: 'refusal'; readonly refusal: Refusal }
  | { readonly is: 'failed'; readonly error: unknown };

/** Calls a provider once, for as long as the effect may take; an answer that comes later is not heard. */
export const askProvider = async (
  { call, limitMs = CALL_LIMIT_MS }: AnyExternal,
  { key, request }: { readonly key: string; readonly request: unknown },
): Promise<Said> => {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const late = new Error(`the provider did not answer within ${limitMs} ms`);
      reject(late);
      limit.abort(late);
    }, limitMs);
  });
  try {
    return {
      is: 'result',
      result: await Promise.race([call(request, { key, signal: limit.signal, refuse }), overdue]),
    };
  } catch (error) {
    return error instanceof Refusal ? { is: 'refusal', refusal: error } : { is: 'failed', error };
  } finally {
    clearTimeout(timer);
  }
};
