import type { Context } from 'hono';
import type { Act, Updated } from '@amends/client/internal';
import { isRefused } from '@amends/client/internal';
import { etagOf, matches } from './etag.ts';
import { fail } from '../problems.ts';
import { updateIdOf } from './update-id.ts';

/** Whom an act is of, and what guards it: its `Idempotency-Key` becomes the id of the Update, its `If-Match` names the version it is for. */
type Guarded = Pick<Act<unknown>, 'id' | 'updateId' | 'isStill'>;

/**
 * Answers an operator's act on a saga: 202 with the view; or why nothing has happened: 404, 409, 412 when `If-Match` names another
 * version, 422. A repeat under the same `Idempotency-Key` is answered as the first was, whatever the version is now.
 */
export const answerAct = async (c: Context, act: (guarded: Guarded) => Promise<Updated>): Promise<Response> => {
  const updateId = updateIdOf(c.req.header('idempotency-key'));
  const ifMatch = c.req.header('if-match');
  const updated = await act({
    id: c.req.param('id') ?? '',
    updateId,
    isStill: ifMatch === undefined || ifMatch.trim() === '*' ? undefined : (view) => matches(ifMatch, etagOf(view)),
  });
  if (isRefused(updated)) throw fail(updated.refused, updated);
  c.header('ETag', etagOf(updated.view));
  return c.json(updated.view, 202);
};
