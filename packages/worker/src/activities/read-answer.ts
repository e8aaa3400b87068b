import { z } from 'zod';
import { PROBLEM_PREFIX } from '@amends/contracts/internal';
import type { ServiceOperation } from '@amends/contracts/internal';
import { final, handedOver, refused, unavailable, unknown } from './service-failure.ts';

/** The longest that a service's `Retry-After` is honoured, and only within the call's budget; then it is asked again. */
export const RETRY_AFTER_CAP_MS = 30_000;

const ProblemLike = z.object({ type: z.string(), title: z.string().optional(), detail: z.string().optional() });

/** Problem types that are a no beside `refused:<code>` (P8). */
const NOES = new Set(['blocked', 'undone', 'sealed']);
const LATER = new Set(['in-flight', 'busy', 'unavailable']);
const LATER_STATUS = new Set([408, 425, 429]);

/** What was received, as far as this file is concerned. */
export interface Received {
  readonly status: number;
  readonly body: string;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
}

/**
 * The one place where an HTTP answer becomes a value or a failure (S2, participants.md "How a client reads an answer"): by the
 * problem's type, never by guessing from a status.
 *
 * @param patienceMs how long the caller can wait before it asks again
 * @param fast in the fast lane, which never waits for a `Retry-After` but hands over
 * @param read makes the value of a 2xx body; what it throws is an unknown outcome: something happened, but not what was agreed
 * @throws ApplicationFailure of a `ServiceFailureType`: refused and unknown are final, unavailable is repeated
 */
export const readAnswer = <T>(
  { status, body, retryAfter }: Received,
  {
    op,
    attempt,
    patienceMs = RETRY_AFTER_CAP_MS,
    fast = false,
    read,
  }: { op: ServiceOperation; attempt: number; patienceMs?: number; fast?: boolean; read: (body: unknown) => T },
): T => {
  if (status >= 200 && status < 300) {
    try {
      return read(body === '' ? null : JSON.parse(body));
    } catch (error) {
      throw unknown(attempt, `answered ${status} with a body that was not agreed: ${wrongWith(error)}`);
    }
  }
  const { type, words } = problemIn(body, status);
  if (type?.startsWith('refused:')) throw refused(attempt, { code: type.slice('refused:'.length), message: words });
  if (type !== null && NOES.has(type)) throw refused(attempt, { code: type, message: words });
  if (type === 'expired' && op === 'do') throw refused(attempt, { code: 'expired', message: words });
  if (type === 'expired' || type?.startsWith('undo-refused:')) throw final(attempt, words);
  if ((type !== null && LATER.has(type)) || LATER_STATUS.has(status) || status >= 500) {
    const retryInMs = retryAfterMs(retryAfter, patienceMs);
    throw fast && retryInMs !== undefined
      ? handedOver(attempt, words, retryInMs)
      : unavailable(attempt, words, retryInMs);
  }
  throw unknown(attempt, words);
};

const wrongWith = (error: unknown): string =>
  error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : (error as Error).message;

/** The problem's type after `urn:amends:`, and what it says in words. */
const problemIn = (body: string, status: number): { type: string | null; words: string } => {
  try {
    const { type, title, detail } = ProblemLike.parse(JSON.parse(body));
    if (!type.startsWith(PROBLEM_PREFIX))
      return { type: null, words: `answered ${status}: ${detail ?? title ?? type}` };
    const name = type.slice(PROBLEM_PREFIX.length);
    return { type: name, words: detail ?? title ?? name };
  } catch {
    return { type: null, words: `answered ${status} without saying why` };
  }
};

/** Seconds or an HTTP date, as milliseconds up to the cap; undefined when it says nothing usable. */
const retryAfterMs = (header: string | null, patienceMs: number): number | undefined => {
  if (header === null) return undefined;
  const delay = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(delay) && delay > 0 ? Math.min(delay, RETRY_AFTER_CAP_MS, Math.max(1, patienceMs)) : undefined;
};
