import { TRY_LATER } from '@amends/contracts/internal';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { problemWords } from '@amends/contracts';
import { readBeginning } from '@amends/runtime/internal';
import { CliStop } from './cli-stop.ts';

/** A service said no: `status` and what its problem document says. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TIMEOUT_MS = 15_000;
/** A page of a list has some 40 kB; a view of one saga some MB at most. */
const ANSWER_MAX_BYTES = 16_000_000;
const WORDS_MAX = 1_000;
const TRIES = 6;
const FIRST_PAUSE_MS = 200;
/** Statuses that say: the same again, later. */
const LATER: readonly number[] = [...TRY_LATER, 502, 503, 504];

/**
 * One JSON request, repeated (6 tries over about 6 s) while the service is out of reach or says later: so only for requests
 * that may be repeated. The answer is parsed with `schema`.
 *
 * @throws HttpRefusal for any other answer than 2xx; CliStop when the service stays out of reach or answers another form
 */
export const request = async <T>(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  schema: z.ZodType<T>,
  body?: unknown,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<{ readonly status: number; readonly body: T }> => {
  for (let attempt = 1; ; attempt++) {
    const response = await send(method, url, body).catch((error: Error) => error);
    if (response instanceof CliStop) throw response;
    if (response instanceof Error) {
      if (attempt === TRIES) {
        throw new CliStop(`${method} ${url}: no answer (${reasonOf(response)})`, { cause: response });
      }
    } else if (response.ok) {
      return { status: response.status, body: parseAnswer(`${method} ${url}`, response.text, schema) };
    } else if (!LATER.includes(response.status) || attempt === TRIES) {
      throw new HttpRefusal(response.status, `${method} ${url}: ${response.status} ${wordsOf(response.text)}`);
    }
    await sleep(firstPauseMs * 2 ** (attempt - 1));
  }
};

const send = async (method: string, url: string, body: unknown) => {
  const response = await fetch(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const { text, isWhole } = await readBeginning(response, ANSWER_MAX_BYTES);
  if (!isWhole && response.ok) throw new CliStop(`${method} ${url}: the answer is over ${ANSWER_MAX_BYTES} bytes`);
  return { ok: response.ok, status: response.status, text };
};

/** `fetch failed` hides why in its cause. */
const reasonOf = (error: Error): string => {
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : error.message;
};

const parseAnswer = <T>(what: string, text: string, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CliStop(`${what}: the answer is not of the published form: ${issue?.path.join('.')} ${issue?.message}`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const wordsOf = (text: string): string => problemWords(text).slice(0, WORDS_MAX);
