import type { Hono } from 'hono';
import type { DeadLetterDesk } from '@amends/events/internal';
import { ANONYMOUS } from '../sagas/actor.ts';
import { fail } from '../problems.ts';

const ID = /^[1-9]\d{0,14}$/;

/** `DELETE /dead-letters/{id}`: gives a letter up for good, also one that cannot be read; 204, and again 404. */
export const deleteDeadLetter = (app: Hono, { deadLetters }: { deadLetters: DeadLetterDesk }): void => {
  app.delete('/dead-letters/:id', async (c) => {
    const id = c.req.param('id');
    if (!ID.test(id) || !(await deadLetters.remove(Number(id), { actor: ANONYMOUS }))) {
      throw fail('not-found', { detail: `there is no dead letter ${id}` });
    }
    return c.body(null, 204);
  });
};
