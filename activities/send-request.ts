import { unavailable, unknown } from './read-answer.ts';
import type { Received } from './read-answer.ts';

/** The largest answer that is taken: the workflow's own limit (S15), less the envelope. */
const ANSWER_MAX_BYTES = 1_800_000;

/**
 * One HTTP request to a service. Redirects are not followed.
 *
 * @throws ApplicationFailure `Unavailable` when no answer came: lost, cut, or too slow for `signal`; `Unknown` when the answer is
 *   over the limit, since its effect has happened
 */
export const sendRequest = async (
  url: string,
  init: { method: string; headers: Readonly<Record<string, string>>; body?: string; signal: AbortSignal },
  attempt: number,
): Promise<Received> => {
  try {
    const answer = await fetch(url, { ...init, redirect: 'error' });
    const body = await textOf(answer, attempt);
    return { status: answer.status, body, retryAfter: answer.headers.get('retry-after') };
  } catch (error) {
    if (isFailure(error)) throw error;
    const { message, cause, name } = error as Error;
    const why = name === 'TimeoutError' ? 'no answer in time' : cause instanceof Error ? cause.message : message;
    throw unavailable(attempt, `no answer from ${new URL(url).origin}: ${why}`);
  }
};

const textOf = async (answer: Response, attempt: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_MAX_BYTES) throw unknown(attempt, `the answer is over ${ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const isFailure = (error: unknown): boolean => (error as Error).name === 'ApplicationFailure';
