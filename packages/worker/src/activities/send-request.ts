import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Received } from './read-answer.ts';
import { isFailure, final, notSent, unavailable } from './service-failure.ts';

/** The largest answer that is taken: the history's own limit (S15), less the envelope. */
export const ANSWER_MAX_BYTES = 1_800_000;
/** Less than servers usually keep an idle connection, so that it is not closed just when it is used again. */
const IDLE_MS = 4_000;

export interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What an attempt has to say of a request. `once`: it is sent but once, and over a connection of its own. */
interface Sending {
  readonly attempt: number;
  readonly once: boolean;
  /** The answer is to be there, whole, after this long. */
  readonly withinMs: number;
  /** Called when it is not. */
  readonly tooLate: () => void;
  readonly cancelled: AbortSignal;
}

/**
 * One HTTP request to a service. Redirects are not followed. Of an answer other than 2xx that is over the limit only the status is read.
 *
 * @throws ApplicationFailure `Unavailable` when no answer came: lost, cut, too slow, or cancelled; `NotSent` of what is sent once, when the
 *   connection was refused, so that nothing was; `Final` when a 2xx answer is over the limit, since its effect has happened
 */
export type SendRequest = (url: string, request: Request, sending: Sending) => Promise<Received>;

/** Requests over connections that are kept for the next one. `fetch` costs three times as much a call (decision 0053). */
export const createSender = (): SendRequest => {
  const kept = { keepAlive: true, timeout: IDLE_MS };
  const agents = { http: new http.Agent(kept), https: new https.Agent(kept) };

  return async (url, request, sending) => {
    const { attempt, once } = sending;
    try {
      const target = new URL(url);
      const agent = target.protocol === 'https:' ? agents.https : agents.http;
      const { isWhole, ...received } = await exchange(target, request, { ...sending, agent: !once && agent });
      if (!isWhole && isOk(received)) throw final(attempt, `the answer is over ${ANSWER_MAX_BYTES} bytes`);
      return received;
    } catch (error) {
      if (isFailure(error)) throw error;
      const said = `no answer from ${new URL(url).origin}: ${wordsOf(error)}`;
      throw once && isRefused(error) ? notSent(said, 0) : unavailable(attempt, said);
    }
  };
};

const isOk = ({ status }: Received): boolean => status >= 200 && status < 300;

/** Of several addresses Node says nothing but each error. */
const wordsOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join(', ');
  return error instanceof Error ? error.message : String(error);
};

/** Nobody listens there: nothing has left this machine. A name of several addresses is refused when each is. */
const isRefused = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.every(isRefused)
    : error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Some servers refuse whoever does not say what it is, or what it takes. */
const USUAL = { accept: '*/*', 'accept-encoding': 'gzip, deflate', 'user-agent': 'node' } as const;

type Exchanged = Received & { readonly isWhole: boolean };

const exchange = (
  url: URL,
  { method, headers, body }: Request,
  { agent, withinMs, tooLate, cancelled }: Sending & { readonly agent: http.Agent | false },
): Promise<Exchanged> =>
  new Promise((resolve, reject) => {
    cancelled.throwIfAborted();
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, { method, headers: { ...USUAL, ...headers }, agent });
    let isOver = false;
    const over = (): void => {
      isOver = true;
      clearTimeout(timer);
      cancelled.removeEventListener('abort', cancel);
    };
    const fail = (error: unknown): void => {
      if (isOver) return;
      over();
      sent.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const cancel = (): void => fail(cancelled.reason);
    const timer = setTimeout(() => {
      tooLate();
      fail(new Error('no answer in time'));
    }, withinMs);
    cancelled.addEventListener('abort', cancel);
    let isAnswered = false;
    sent.on('error', fail);
    // a connection that is closed within an answer is an error of the answer
    sent.on('close', () => isAnswered || fail(new Error('the connection was closed')));
    sent.on('response', (answer: IncomingMessage) => {
      isAnswered = true;
      const { statusCode: status = 0, headers: said } = answer;
      if (REDIRECTS.has(status)) return fail(new Error('it redirects elsewhere'));
      const chunks: Buffer[] = [];
      let bytes = 0;
      const end = (isWhole: boolean): void => {
        if (isOver) return;
        over();
        if (!isWhole) sent.destroy();
        const text = isWhole ? Buffer.concat(chunks).toString('utf8') : '';
        resolve({ status, body: text, retryAfter: said['retry-after'] ?? null, isWhole });
      };
      answer.on('error', fail);
      const plain = decoded(answer);
      plain.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > ANSWER_MAX_BYTES) end(false);
        else chunks.push(chunk);
      });
      plain.on('error', fail).on('end', () => end(true));
    });
    sent.end(body);
  });

/** The body as it was before the server packed it. */
const decoded = (answer: IncomingMessage): Readable => {
  switch (answer.headers['content-encoding']?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return answer.pipe(createGunzip());
    case 'deflate':
      return answer.pipe(createInflate());
    case 'br':
      return answer.pipe(createBrotliDecompress());
    default:
      return answer;
  }
};
