import { z } from 'zod';
import { fail } from '../problems.ts';

/** Visible ASCII; `cancel` is the id under which a saga's one cancel is known. */
const UpdateId = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/)
  .refine((id) => id !== 'cancel');

/**
 * The id of the Update that a request becomes, from its `Idempotency-Key`; undefined without one.
 *
 * @throws HTTPException 400 `key-invalid`
 */
export const updateIdOf = (idempotencyKey: string | undefined): string | undefined => {
  if (idempotencyKey === undefined) return undefined;
  const id = UpdateId.safeParse(idempotencyKey);
  if (id.success) return id.data;
  throw fail('key-invalid', { detail: "it must be 1 to 200 visible ASCII characters, and not 'cancel'" });
};
