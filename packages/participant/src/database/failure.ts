import { problem, type Answer } from '../operations/answer.ts';
import { cannotWrite, errorCode, isAway, isBusy, isConflict } from './sql-error.ts';
import { Again, Overdue } from './transaction.ts';

/** What a failure that passes by itself is answered with: nothing has happened, or a repeat finds out. Else undefined. */
export const laterAnswer = (error: unknown): Answer | undefined => {
  if (isBusy(error) || isConflict(error) || error instanceof Overdue || error instanceof Again) return problem('busy');
  return isAway(error) ? problem('unavailable', { detail: `database: ${wordFor(error)}` }) : undefined;
};

const wordFor = (error: unknown): string =>
  cannotWrite(error) ? 'it is read-only' : (errorCode(error) ?? 'no connection');
