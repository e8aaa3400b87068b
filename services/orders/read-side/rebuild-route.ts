import type { Hono } from 'hono';
import { stream } from 'hono/streaming';
import type { RebuildNews } from '../../../contracts/rebuild.ts';
import { httpProblem, requireToken, type ServiceParts } from '@amends/participant/service';
import { rebuild, type Rebuilding } from './rebuild.ts';
import { takeTurn } from './take-turn.ts';

/** Where the stream is read from; undefined without a broker. */
export type ReadStream = Rebuilding['readStream'] | undefined;

/**
 * `POST /read-side/rebuild`: makes what orders are shown by anew from the events, and tells how it goes as JSON lines (`RebuildNews`). It is given
 * up when nobody listens any more. `409` while another is under way, or without a broker.
 */
export const rebuildRoute = (
  app: Hono,
  { pool, log, token, readStream }: ServiceParts & { readStream: ReadStream },
): void => {
  app.post('/read-side/rebuild', async (c) => {
    if (token !== undefined) requireToken(c, token);
    if (readStream === undefined) {
      const detail = 'without a broker (NATS_URL=none) no stream keeps the events that a rebuild reads';
      throw httpProblem('conflict', { detail });
    }
    const turn = await takeTurn(pool);
    if (turn === undefined) throw httpProblem('conflict', { detail: 'a rebuild is under way' });
    c.header('content-type', 'application/x-ndjson');
    return stream(c, async (out) => {
      const tell = (news: RebuildNews) => out.writeln(JSON.stringify(news));
      try {
        for await (const news of rebuild({ pool, readStream })) {
          if (out.aborted) break;
          await tell(news);
        }
      } catch (error) {
        log.error({ err: error }, 'the read side could not be made anew; what was served still is');
        await tell({ is: 'failed', why: (error as Error).message });
      } finally {
        turn.end();
      }
    });
  });
};
