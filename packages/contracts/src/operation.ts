import { z } from 'zod';
import { Instant } from './words.ts';

/** A participant's record of one key, as settle, undo, seal and the lists answer it (participants.md). */
export const Operation = z.object({
  key: z.string(),
  saga: z.string(),
  step: z.string(),
  instance: z.string().nullable(),
  action: z.string().nullable(),
  state: z.enum(['done', 'refused', 'undone', 'blocked', 'pending', 'undoing']),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** Only settle on a done or refused operation fills it; `body` is the stored answer as text was parsed. */
  answer: z.object({ status: z.int(), body: z.unknown() }).nullable(),
});
export type Operation = z.infer<typeof Operation>;

/** What a seal answers: everything the participant has of a saga; `next` is the cursor of a further page. */
export const OperationList = z.object({
  saga: z.string(),
  sealed: z.boolean(),
  items: z.array(Operation),
  next: z.string().nullable(),
});
export type OperationList = z.infer<typeof OperationList>;
