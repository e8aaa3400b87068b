import type { ServiceBody, ServiceParts } from '@amends/participant/service';
import { startService, type RunningService } from './start-service.ts';

const MAX_BODY_BYTES = 1_048_576;

/** One service on a port and a database of its own. */
export interface ServiceUnderTest extends RunningService {
  /** Any request; `body` goes as JSON. */
  readonly ask: (route: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** What a saga sends for a step: `POST <path>` with its key, e.g. `fulfilOrder:o-1/reserveStock`. */
  readonly asSaga: (key: string, path: string, body?: unknown) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, when it is JSON; looked into without a schema. */
  readonly json: unknown;
}

/** Starts it as its process does, but on a free port and a fresh database. */
export const startServiceUnderTest = async (
  name: string,
  build: (parts: ServiceParts) => ServiceBody | Promise<ServiceBody>,
): Promise<ServiceUnderTest> => {
  const service = await startService(name, build, { log: 'silent', maxBodyBytes: MAX_BODY_BYTES });

  const ask: ServiceUnderTest['ask'] = async (route, body, headers = {}) => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  };
  return {
    ...service,
    ask,
    asSaga: (key, path, body = {}) =>
      ask(`POST ${path}`, body, { 'idempotency-key': key, 'saga-started': new Date().toISOString() }),
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
