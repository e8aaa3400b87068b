import { z } from 'zod';
import { isPlain, PLAIN } from './protocol/plain-text.ts';

/** Words of a caller's own: what every database keeps and every JSON reader reads, so no NUL and no half of a surrogate pair; and no character that hides another. */
export const words = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- NUL is what is meant
    .regex(/^[^\0\uD800-\uDFFF]*$/u, { error: 'must not hold NUL or half of a surrogate pair', abort: true })
    .refine(isPlain, PLAIN);

/** RFC 3339, UTC, milliseconds: `2026-01-31T08:26:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3 });
