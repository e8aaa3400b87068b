import { problems, PayloadTooLarge, isUnavailable } from '@amends/contracts/internal';
import { problem, problemError, type ProblemExtras } from '@amends/runtime/internal';

/** A problem of the contracts' table, to be thrown from a handler. */
export const fail = (type: keyof typeof problems, extras?: ProblemExtras) => problemError(type, problems[type], extras);

/** `Retry-After` in seconds, with every 503. */
export const RETRY_AFTER = { 'retry-after': '1' } as const;

/** What the client's own errors are answered with; undefined for any other. */
export const answerTo = (error: unknown): Response | undefined => {
  if (isUnavailable(error)) {
    return problem('unavailable', problems.unavailable, { detail: error.message, headers: RETRY_AFTER });
  }
  if (error instanceof PayloadTooLarge) return problem('too-large', problems['too-large'], { detail: error.message });
  return undefined;
};
