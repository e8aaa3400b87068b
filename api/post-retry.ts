import type { Client } from '@temporalio/client';
import type { Hono } from 'hono';
import { retryStep, wasTaken } from '../client/retry-step.ts';
import { viewSaga } from '../client/view-saga.ts';
import { readBody } from '../platform/http/body.ts';
import { ANONYMOUS } from './actor.ts';
import { etagOf, matches } from './etag.ts';
import { fail } from './problems.ts';
import { Reason } from './reason.ts';
import { updateIdOf } from './update-id.ts';

/**
 * `POST /sagas/{id}/steps/{step}/retry` `{reason}`: 202 with the view; 409 when that step is not parked; 412 when `If-Match`
 * names another version. 422 when its `Idempotency-Key` was for another step. A repeat under the same `Idempotency-Key` is answered as the first was, whatever the version is now.
 */
export const postRetry = (app: Hono, { temporal }: { temporal: Client }): void => {
  app.post('/sagas/:id/steps/:step/retry', async (c) => {
    const { id, step } = c.req.param();
    const { reason } = await readBody(c, Reason);
    const updateId = updateIdOf(c.req.header('idempotency-key'));
    const ifMatch = c.req.header('if-match');
    if (ifMatch !== undefined && !(updateId !== undefined && (await wasTaken(temporal, id, updateId)))) {
      const view = await viewSaga(temporal, id);
      if (!view) throw fail('not-found', { detail: `there is no saga ${id}` });
      if (!matches(ifMatch, etagOf(view))) throw fail('version-mismatch', { detail: `its version is ${view.version}` });
    }
    const retried = await retryStep(temporal, {
      id,
      step,
      actor: ANONYMOUS,
      reason,
      ...(updateId !== undefined && { updateId }),
    });
    if (retried === 'unknown') throw fail('not-found', { detail: `there is no saga ${id} with a step ${step}` });
    if (retried === 'other-step') {
      throw fail('key-mismatch', { detail: 'that Idempotency-Key has retried another step: take a new one' });
    }
    if (typeof retried === 'string') throw fail(retried);
    c.header('ETag', etagOf(retried.view));
    return c.json(retried.view, 202);
  });
};
