import { z } from 'zod';

/** So much of an event travels with the signal that it causes. */
export const CARRIED_EVENT_MAX_BYTES = 64_000;

/**
 * An event that a saga may have to tell as late: a CloudEvent as JSON, as it came; where it has more than 64 kB, its attributes alone. `at`:
 * `<stream> <sequence>` of all of it at the broker, null when it came another way.
 */
export const CarriedEvent = z.object({
  event: z.record(z.string(), z.unknown()),
  at: z.string().nullable(),
});
export type CarriedEvent = z.infer<typeof CarriedEvent>;
