import { z } from 'zod';

/** Words of a caller's own: what every database keeps and every JSON reader reads, so no NUL and no half of a surrogate pair. */
export const words = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- NUL is what is meant
    .regex(/^[^\0\uD800-\uDFFF]*$/u, 'must not hold NUL or half of a surrogate pair');

/** Minor units (cents, pence) of an ISO 4217 currency; never a fraction. */
export const Money = z.object({ amount: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) });
export type Money = z.infer<typeof Money>;

export const Sku = z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/);

/** Goods: how many of what. */
export const Line = z.object({ sku: Sku, quantity: z.int().min(1).max(1_000_000) });
export type Line = z.infer<typeof Line>;

/** `country` is ISO 3166-1 alpha-2; whatever else an address has stays as it was given. */
export const Address = z.object({ country: z.string().regex(/^[A-Z]{2}$/) }).catchall(z.string().max(500));
export type Address = z.infer<typeof Address>;

/** RFC 3339, UTC, milliseconds: `2026-01-31T08:26:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3 });
