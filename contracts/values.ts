import { z } from 'zod';
import { isPlain, PLAIN } from '@amends/contracts';

/** What a customer or a colleague may give as the id of something: it becomes the key of a saga, or an instance of its step. */
export { GivenKey } from '@amends/contracts';

/** Minor units (cents, pence) of an ISO 4217 currency; never a fraction. */
export const Money = z.object({ amount: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) });
export type Money = z.infer<typeof Money>;

export const Sku = z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/);

/** Goods: how many of what. */
export const Line = z.object({ sku: Sku, quantity: z.int().min(1).max(1_000_000) });
export type Line = z.infer<typeof Line>;

/** `country` is ISO 3166-1 alpha-2; whatever else an address has stays as it was given, in names and texts that show as what they are. */
export const Address = z
  .object({ country: z.string().regex(/^[A-Z]{2}$/) })
  .catchall(z.string().max(500).refine(isPlain, PLAIN))
  .refine((address) => Object.keys(address).every(isPlain), PLAIN);
export type Address = z.infer<typeof Address>;
