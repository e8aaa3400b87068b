import { z } from 'zod';
import { isPlain, PLAIN } from '@amends/contracts/internal';

/** The body of an act on a saga; nothing else is taken, so that nothing is silently left out. */
export const Reason = z.strictObject({ reason: z.string().trim().min(1).max(500).refine(isPlain, PLAIN) });
