import { problems } from '@amends/contracts/internal';
import { errorCode, isAway, isBusy } from '../database/sql-error.ts';
import { problem } from '@amends/runtime/internal';

/** PostgreSQL cannot keep the NUL character, which JSON may carry. */
const NOT_TEXT: readonly (string | undefined)[] = ['22021', '22P05'];
const LATER = { headers: { 'retry-after': '1' } };

/** What a database's error means to the caller; undefined when it is this side's own mistake. */
export const databaseProblem = (error: unknown): Response | undefined => {
  if (NOT_TEXT.includes(errorCode(error))) {
    const errors = [{ path: '', message: 'holds the NUL character, which cannot be kept' }];
    return problem('invalid', problems.invalid, { errors });
  }
  if (isBusy(error)) return problem('busy', problems.busy, LATER);
  if (isAway(error)) return problem('unavailable', problems.unavailable, LATER);
  return undefined;
};
