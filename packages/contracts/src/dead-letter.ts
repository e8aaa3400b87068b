import { z } from 'zod';
import { DeadLetterReason } from './dead-letter-reason.ts';
import { Instant } from './words.ts';

/** An event that could not be used, as `GET /dead-letters` shows it (E5). */
export const DeadLetter = z.object({
  id: z.string(),
  reason: DeadLetterReason,
  /** By the subject by which it came; what the event itself says may be anything. */
  type: z.string(),
  /** The subject by which it came, and to which a redrive publishes it again. */
  subject: z.string(),
  /** Where it was, and which consumer could not use it; null when whoever wrote the letter did not say. */
  origin: z.object({ stream: z.string(), sequence: z.int(), consumer: z.string() }).nullable(),
  /** When it was given up. */
  at: Instant,
  detail: z.string(),
  /** The event's own. */
  headers: z.record(z.string(), z.array(z.string())),
  /** The untouched bytes: as text when they are UTF-8; null when they were too many for a letter and the stream has dropped them. */
  event: z.string().nullable(),
  encoding: z.enum(['text', 'base64']).nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** What `GET /dead-letters` answers. */
export const DeadLetterList = z.object({ items: z.array(DeadLetter), next: z.string().nullable() });

/** What `POST /dead-letters/{id}/redrive` answers: the event is in the stream again, at that sequence. */
export const Redriven = z.object({ id: z.string(), type: z.string(), subject: z.string(), sequence: z.int() });
export type Redriven = z.infer<typeof Redriven>;
