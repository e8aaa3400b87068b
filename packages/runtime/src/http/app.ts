import { Hono, type Env } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { Registry } from 'prom-client';
import type { Log } from '../log.ts';
import { problem } from './problem.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * A Hono app whose every error is a problem: 404 for an unknown path, 405 with `Allow` for a known path with another method
 * (Hono answers 404 by itself), 400 for a malformed `%`, 413 over the limit, 500 (logged) for anything thrown.
 *
 * `GET /healthz` answers 200 while the process lives; `GET /readyz` 200 or 503 by `ready`, which throws or answers a reason.
 * `GET /metrics` answers the figures of `metrics` as Prometheus reads them; without it there is no such path.
 * `answerTo` answers errors of the app's own, before they become a 500.
 */
export const createHttpApp = <E extends Env>({
  log,
  maxBodyBytes,
  ready,
  metrics,
  answerTo,
}: {
  log: Log;
  maxBodyBytes: number;
  ready: () => Promise<void>;
  metrics?: Registry | undefined;
  answerTo?: (error: unknown) => Response | undefined;
}): Hono<E> => {
  const app = new Hono<E>();
  app.use(async (c, next) => {
    try {
      const { pathname, search } = new URL(c.req.url);
      decodeURIComponent(pathname + search);
    } catch {
      return problem('bad-request', { status: 400, title: 'The URL holds a malformed %' });
    }
    return next();
  });
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => problem('too-large', { status: 413, title: `The body is over ${maxBodyBytes} bytes` }),
    }),
  );
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    try {
      await ready();
      return c.json({ status: 'ready' });
    } catch (error) {
      return problem(
        'unavailable',
        { status: 503, title: 'Not ready' },
        { detail: (error as Error).message, headers: { 'retry-after': '1' } },
      );
    }
  });
  if (metrics !== undefined) {
    app.get('/metrics', async (c) => c.body(await metrics.metrics(), 200, { 'content-type': metrics.contentType }));
  }
  app.notFound((c) => {
    const allowed = METHODS.filter((method) => matches(app, method, c.req.path));
    if (allowed.length === 0) return problem('not-found', { status: 404, title: `There is nothing at ${c.req.path}` });
    return problem(
      'method-not-allowed',
      { status: 405, title: `${c.req.method} does not exist on ${c.req.path}` },
      { headers: { allow: allowed.join(', ') } },
    );
  });
  app.onError((error) => {
    if (error instanceof HTTPException && error.res) return error.res;
    const answer = answerTo?.(error);
    if (answer) return answer;
    log.error({ err: error }, 'a request failed');
    return problem('internal', { status: 500, title: 'Something broke on this side' });
  });
  return app;
};

/** Whether a route (middleware aside) answers that method on that path. */
const matches = <E extends Env>(app: Hono<E>, method: string, path: string): boolean =>
  app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
