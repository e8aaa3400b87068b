import { z } from 'zod';
import { GIVEN_KEY_GRAMMAR, KEY_GRAMMAR } from './protocol/keys.ts';

/** A business key or a step's instance: 1 to 128 of letters, digits and `._~-`, but neither `.` nor `..`. */
export const BusinessKey = z
  .string()
  .regex(KEY_GRAMMAR, 'must be 1 to 128 letters, digits or ._~-, and neither . nor ..');

/** What a caller or an author may give as a key or an instance: endings of `~n` are the engine's own. */
export const GivenKey = z
  .string()
  .regex(GIVEN_KEY_GRAMMAR, 'must be 1 to 120 letters, digits or ._-, and neither . nor ..');
