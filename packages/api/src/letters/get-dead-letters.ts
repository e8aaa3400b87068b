import type { Hono } from 'hono';
import { z } from 'zod';
import { DeadLetterReason } from '@amends/contracts/internal';
import type { DeadLetterDesk } from '@amends/events/internal';
import { Limit } from '../limit.ts';
import { writeCursor } from '../page-cursor.ts';
import { readPage } from '../read-page.ts';

const Query = z.strictObject({
  reason: DeadLetterReason.optional(),
  type: z
    .string()
    .max(200)
    .regex(/^[^\s.*>]+(\.[^\s.*>]+)*$/, 'must be a type of events')
    .optional(),
  limit: Limit,
  cursor: z.string().optional(),
});

/**
 * `GET /dead-letters`: the events that could not be used, in the order in which they were given up (E5); `next` is the cursor of the next
 * page, or null. A page of large events ends before its limit. Without a broker there are none.
 */
export const getDeadLetters = (app: Hono, { deadLetters }: { deadLetters: DeadLetterDesk }): void => {
  app.get('/dead-letters', async (c) => {
    const { filter, limit, from } = readPage(c, Query);
    const { items, next } = await deadLetters.list({ filter, limit, from: from ? Number(Buffer.from(from)) : 1 });
    return c.json({ items, next: next && writeCursor(filter, Buffer.from(String(next))) });
  });
};
