import { createLog } from '../packages/runtime/src/log.ts';
import { serve } from '../packages/runtime/src/http/serve.ts';
import { createPool } from '../packages/participant/src/postgres.ts';
import { migrateParticipant } from '../packages/participant/src/index.ts';
import { migrateService } from '../packages/participant/src/service/migrate.ts';
import type { ServiceBody } from '../packages/participant/src/service/run-service.ts';
import type { ServiceParts } from '../packages/participant/src/service/service-app.ts';
import type { ShopService } from './shop.ts';
import { freshDatabase } from '../packages/testing/src/servers/database.ts';

const MAX_BODY_BYTES = 1_048_576;

/** One of the shop's services on a port and a database of its own. */
export interface ServiceUnderTest {
  readonly url: string;
  readonly pool: ServiceParts['pool'];
  readonly close: () => Promise<void>;
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
  name: ShopService,
  build: (parts: ServiceParts) => ServiceBody | Promise<ServiceBody>,
): Promise<ServiceUnderTest> => {
  const database = await freshDatabase();
  const log = createLog(name, 'silent');
  const pool = createPool(database.url, log);
  await migrateService(pool, name);
  await migrateParticipant(pool);
  const { app, besides = [] } = await build({ pool, log, maxBodyBytes: MAX_BODY_BYTES });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;

  const ask: ServiceUnderTest['ask'] = async (route, body, headers = {}) => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  };
  return {
    url,
    pool,
    ask,
    asSaga: (key, path, body = {}) =>
      ask(`POST ${path}`, body, { 'idempotency-key': key, 'saga-started': new Date().toISOString() }),
    close: async () => {
      await server.close();
      await Promise.all(besides.map((each) => each.close()));
      await pool.end();
      await database.drop();
    },
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
