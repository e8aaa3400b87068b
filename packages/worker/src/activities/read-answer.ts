import { PROBLEM_PREFIX, TRY_LATER, type ServiceOperation } from '@amends/contracts/internal';
import { z } from 'zod';
import { retryAfterMs } from '@amends/runtime/internal';
import { final, handedOver, refused, unavailable, unknown } from './service-failure.ts';

/** The longest that a service's `Retry-After` is honoured, and only within the call's budget; then it is asked again. */
export const RETRY_AFTER_CAP_MS = 30_000;

const ProblemLike = z.object({ type: z.string(), title: z.string().optional(), detail: z.string().optional() });

/** Problem types that are a no beside `refused:<code>` (P8), as is `sealed`. */
const NOES = new Set(['blocked', 'undone']);
const LATER = new Set(['in-flight', 'busy', 'unavailable']);

/** What was received, as far as this file is concerned. */
export interface Received {
  readonly status: number;
  readonly body: string;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
}

/**
 * The one place where an HTTP answer becomes a value or a failure (S2, participants.md "How a client reads an answer"): by the
 * problem's type, never by guessing from a status. A 2xx whose body cannot be read (cut off, not JSON, a proxy's page) says as much as
 * a broken connection.
 *
 * @param patienceMs how long the caller can wait before it asks again
 * @param fast in the fast lane, which never waits for a `Retry-After` but hands over
 * @param takesText a body that is not JSON is given to `read` as text; only outsiders answer so
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
    takesText = false,
    read,
  }: {
    op: ServiceOperation;
    attempt: number;
    patienceMs?: number;
    fast?: boolean;
    takesText?: boolean;
    read: (body: unknown) => T;
  },
): T => {
  if (status >= 200 && status < 300) {
    const json = jsonIn(body);
    if (json === undefined && body !== '' && !takesText) throw unavailable(attempt, unreadable(status, body));
    try {
      return read(json ?? (body === '' ? null : body));
    } catch (error) {
      if (json === undefined) throw unavailable(attempt, unreadable(status, body));
      throw unknown(attempt, `answered ${status} with a body that was not agreed: ${wrongWith(error)}`);
    }
  }
  const { type, words } = problemIn(body, status);
  if (type?.startsWith('refused:')) throw refused(attempt, { code: type.slice('refused:'.length), message: words });
  if (type !== null && NOES.has(type)) throw refused(attempt, { code: type, message: words });
  if (type === 'sealed' || (type === 'expired' && op === 'do')) {
    throw refused(attempt, { code: type, message: words, forGood: true });
  }
  if (type === 'expired' || type?.startsWith('undo-refused:')) throw final(attempt, words);
  if ((type !== null && LATER.has(type)) || TRY_LATER.includes(status) || status >= 500) {
    const retryInMs = retryAfterMs(retryAfter, Math.min(RETRY_AFTER_CAP_MS, Math.max(1, patienceMs)));
    throw fast && retryInMs !== undefined
      ? handedOver(attempt, words, retryInMs)
      : unavailable(attempt, words, retryInMs);
  }
  throw unknown(attempt, words);
};

const wrongWith = (error: unknown): string =>
  error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : (error as Error).message;

const unreadable = (status: number, body: string): string =>
  body === '' ? `answered ${status} without a body` : `answered ${status} with a body that cannot be read: ${body}`;

/** The JSON value of a body; undefined when it is none. */
export const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** The problem's type after `urn:amends:`, and what it says in words. */
const problemIn = (body: string, status: number): { type: string | null; words: string } => {
  const { data } = ProblemLike.safeParse(jsonIn(body));
  if (data === undefined) {
    return { type: null, words: body === '' ? `answered ${status} without saying why` : `answered ${status}: ${body}` };
  }
  const { type, title, detail } = data;
  if (!type.startsWith(PROBLEM_PREFIX)) return { type: null, words: `answered ${status}: ${detail ?? title ?? type}` };
  const name = type.slice(PROBLEM_PREFIX.length);
  return { type: name, words: detail ?? title ?? name };
};
