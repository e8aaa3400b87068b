import { readBeginning } from '@amends/runtime/internal';
import type { Received } from './read-answer.ts';
import { isFailure, final, notSent, unavailable } from './service-failure.ts';

/** The largest answer that is taken: the history's own limit (S15), less the envelope. */
export const ANSWER_MAX_BYTES = 1_800_000;

/**
 * One HTTP request to a service. Redirects are not followed. Of an answer other than 2xx that is over the limit only the status is read.
 *
 * @param once it is sent but once: then a refused connection, by which nothing was sent, is told apart
 * @throws ApplicationFailure `Unavailable` when no answer came: lost, cut, or too slow for `signal`; `NotSent`; `Final` when a 2xx
 *   answer is over the limit, since its effect has happened
 */
export const sendRequest = async (
  url: string,
  init: { method: string; headers: Readonly<Record<string, string>>; body?: string; signal: AbortSignal },
  attempt: number,
  once: boolean,
): Promise<Received> => {
  try {
    const answer = await fetch(url, { ...init, redirect: 'error' });
    const { text, isWhole } = await readBeginning(answer, ANSWER_MAX_BYTES);
    if (!isWhole && answer.ok) throw final(attempt, `the answer is over ${ANSWER_MAX_BYTES} bytes`);
    return { status: answer.status, body: isWhole ? text : '', retryAfter: answer.headers.get('retry-after') };
  } catch (error) {
    if (isFailure(error)) throw error;
    const { message, cause, name } = error as Error;
    const why = name === 'TimeoutError' ? 'no answer in time' : cause instanceof Error ? cause.message : message;
    const said = `no answer from ${new URL(url).origin}: ${why}`;
    throw once && isRefused(cause) ? notSent(said, 0) : unavailable(attempt, said);
  }
};

/** Nobody listens there: nothing has left this machine. A name of several addresses is refused when each is. */
const isRefused = (cause: unknown): boolean =>
  cause instanceof AggregateError
    ? cause.errors.every(isRefused)
    : cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
