import { z } from 'zod';

const count = z.int().nonnegative();

/**
 * What `POST /read-side/rebuild` at the orders service tells while it goes on, a line of JSON each; the last is `done` or `failed`.
 *
 * - `reading`: how many events of the stream have been read, of how many it held.
 * - `done`: `events` were read, `kept` facts are of events that the stream does not hold (any more), `changed` rows are not as they were.
 */
export const RebuildNews = z.discriminatedUnion('is', [
  z.object({ is: z.literal('reading'), done: count, of: count }),
  z.object({ is: z.literal('keeping'), done: count }),
  z.object({ is: z.literal('done'), events: count, orders: count, kept: count, changed: count }),
  z.object({ is: z.literal('failed'), why: z.string() }),
]);
export type RebuildNews = z.infer<typeof RebuildNews>;
