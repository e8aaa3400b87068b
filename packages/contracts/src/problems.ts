import { z } from 'zod';

/** RFC 9457 `application/problem+json`. `errors` lists what is wrong with a body, by path. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
