import { z } from 'zod';

/** Why an event is a dead letter (E5). */
export const DeadLetterReason = z.enum([
  'not-cloudevent',
  'unknown-type',
  'invalid',
  'too-large',
  'too-old',
  'conflict',
  'crashing',
]);
export type DeadLetterReason = z.infer<typeof DeadLetterReason>;
