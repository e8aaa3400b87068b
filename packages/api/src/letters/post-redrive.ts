import type { Hono } from 'hono';
import type { DeadLetterDesk } from '@amends/events/internal';
import { readBody } from '@amends/runtime/internal';
import { ANONYMOUS } from '../sagas/actor.ts';
import { fail } from '../problems.ts';
import { Reason } from '../sagas/reason.ts';

const ID = /^[1-9]\d{0,14}$/;

/**
 * `POST /dead-letters/{id}/redrive` `{reason}`: 202 once the event is in the stream again and its letter gone; again: 404. What still cannot
 * be used becomes a new dead letter.
 */
export const postRedrive = (app: Hono, { deadLetters }: { deadLetters: DeadLetterDesk }): void => {
  app.post('/dead-letters/:id/redrive', async (c) => {
    const id = c.req.param('id');
    const { reason } = await readBody(c, Reason);
    const answer = ID.test(id) ? await deadLetters.redrive(Number(id), { actor: ANONYMOUS, reason }) : 'unknown';
    if (answer === 'unknown') {
      throw fail('not-found', { detail: `there is no dead letter ${id}, or it has been re-driven` });
    }
    if (answer === 'dropped') {
      throw fail('conflict', {
        detail: 'the event was too large for its letter, and the stream that had it has dropped it',
      });
    }
    return c.json(answer, 202);
  });
};
