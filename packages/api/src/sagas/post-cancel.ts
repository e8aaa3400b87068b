import type { Hono } from 'hono';
import { cancelSaga } from '@amends/client/internal';
import { readBody } from '@amends/runtime/internal';
import { ANONYMOUS } from './actor.ts';
import { etagOf } from './etag.ts';
import { fail } from '../problems.ts';
import { Reason } from './reason.ts';
import type { SagaTemporal } from '@amends/client/internal';

/** `POST /sagas/{id}/cancel` `{reason}`: 202 with the view, however often; 409 past the pivot, while it is undone
 * for another cause, or when it has ended otherwise. */
export const postCancel = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  app.post('/sagas/:id/cancel', async (c) => {
    const id = c.req.param('id');
    const { reason } = await readBody(c, Reason);
    const cancelled = await cancelSaga(temporal, { id, actor: ANONYMOUS, reason });
    if (cancelled === 'unknown') throw fail('not-found', { detail: `there is no saga ${id}` });
    if (typeof cancelled === 'string') throw fail(cancelled);
    if (cancelled.outcome === 'undoing')
      throw fail('undoing', { ...(cancelled.detail && { detail: cancelled.detail }) });
    c.header('ETag', etagOf(cancelled.view));
    return c.json(cancelled.view, 202);
  });
};
