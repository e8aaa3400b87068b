import { Hono, type Env } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Registry } from 'prom-client';
import type { Log } from '../log.ts';
import { hasLeft } from './has-left.ts';
import { onlyJsonBodies } from './media-type.ts';
import { problem } from './problem.ts';
import { onlyThisMachine, type Reach } from './this-machine.ts';

/**
 * A Hono app whose every error is a problem: 404 for an unknown path, 405 with `Allow` for a known path with another method, 400 for a
 * malformed `%`, 413 over the limit, 415 for a body of another type, 500 (logged) for anything thrown. `reach`, by default this machine
 * alone: who may ask at all (421, 403).
 *
 * `GET /healthz` answers 200 while the process lives. `GET /readyz` says by `ready` whether it is able to do what its callers need: 200
 * `{status, reasons}`, `ready` without reasons and `degraded` with those that `ready` answers; 503 with the reason that it throws.
 * `GET /metrics` answers the figures of `metrics` as Prometheus reads them; without it there is no such path.
 * `answerTo` answers errors of the app's own, before they become a 500.
 */
export const createHttpApp = <E extends Env>({
  log,
  maxBodyBytes,
  ready,
  metrics,
  answerTo,
  reach = 'this-machine',
}: {
  log: Log;
  maxBodyBytes: number;
  ready: () => Promise<readonly string[] | void>;
  reach?: Reach | undefined;
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
  if (reach === 'this-machine') app.use(onlyThisMachine);
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(
          'method-not-allowed',
          { status: 405, title: `${c.req.method} does not exist on ${c.req.path}` },
          { headers: { allow: methods.join(', ') } },
        ),
    }),
  );
  app.use(onlyJsonBodies);
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => problem('too-large', { status: 413, title: `The body is over ${maxBodyBytes} bytes` }),
    }),
  );
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    try {
      const reasons = (await ready()) ?? [];
      return c.json({ status: reasons.length === 0 ? 'ready' : 'degraded', reasons });
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
  app.notFound((c) => problem('not-found', { status: 404, title: `There is nothing at ${c.req.path}` }));
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.res) return error.res;
    const answer = answerTo?.(error);
    if (answer) return answer;
    if (hasLeft(c)) {
      log.debug({ method: c.req.method, path: c.req.path }, 'a caller left before its request was whole');
      return problem('bad-request', { status: 400, title: 'The request is not whole' });
    }
    log.error({ err: error }, 'a request failed');
    return problem('internal', { status: 500, title: 'Something broke on this side' });
  });
  return app;
};
