import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** One HTTP request, as it goes over the wire. `path` begins with a slash. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** What came for a request, byte for byte. */
export interface Answer {
  readonly request: WireRequest;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** A request got no answer: `reason` says why in a few words, e.g. `connection refused`. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly request: WireRequest;
  readonly reason: string;

  constructor(request: WireRequest, reason: string, cause?: unknown) {
    super(`${request.method} ${request.path}: ${reason}`, { cause });
    this.request = request;
    this.reason = reason;
  }
}

/** Speaks HTTP/1.1 with one service, and can hang up in the middle. */
export interface Speaker {
  /** @throws NoAnswer when none comes in time, or the connection breaks */
  readonly send: (request: WireRequest) => Promise<Answer>;
  /** Sends a request whole, and destroys its connection after so many milliseconds; an answer is thrown away. */
  readonly cut: (request: WireRequest, afterMs: number) => Promise<void>;
  readonly close: () => void;
}

/** An answer over this is none of the protocol. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 64;

/** `url`: where the service is, with the path that its routes begin with, if any. `timeoutMs` bounds one request. */
export const createSpeaker = (url: string, timeoutMs: number): Speaker => {
  const base = new URL(url);
  const prefix = base.pathname.replace(/\/$/, '');
  const { Agent, request: open } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });

  const begin = (request: WireRequest, agentOfCall: http.Agent | false): http.ClientRequest =>
    open(base, {
      agent: agentOfCall,
      method: request.method,
      path: prefix + request.path,
      headers: {
        ...request.headers,
        ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
    });

  const send = (request: WireRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = begin(request, agent);
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        reject(new NoAnswer(request, reasonOf(error), error));
      };
      const timer = setTimeout(() => {
        sent.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`));
      }, timeoutMs);
      sent.once('error', fail);
      sent.once('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) response.destroy(new Error('an answer of over 16 MiB'));
          else chunks.push(chunk);
        });
        response.once('error', fail);
        response.once('end', () => {
          clearTimeout(timer);
          const bytes = Buffer.concat(chunks);
          resolve({
            request,
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString('utf8'),
          });
        });
      });
      sent.end(request.body);
    });

  const cut = async (request: WireRequest, afterMs: number): Promise<void> => {
    const sent = begin(request, false);
    // whatever becomes of it is what the service is asked about afterwards
    sent.on('error', () => {});
    sent.on('response', (response) => response.on('error', () => {}).resume());
    await new Promise<void>((resolve) => {
      sent.once('close', resolve);
      sent.end(request.body, resolve);
    });
    await sleep(afterMs);
    sent.destroy();
  };

  return { send, cut, close: () => agent.destroy() };
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection broke before an answer came',
  EPIPE: 'the connection broke before the request was sent',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name cannot be looked up',
};

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? (message || (code ?? 'no answer'));
};
