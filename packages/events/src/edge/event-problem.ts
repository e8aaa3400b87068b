import { type Problem } from '@amends/contracts';
import { PROBLEM_PREFIX, problems } from '@amends/contracts/internal';
import { boundedDetail, boundedErrors } from '@amends/runtime/internal';

/** A problem of the contracts' table as JSON, for one event among several. */
export const eventProblem = (
  type: keyof typeof problems,
  { detail, errors }: Pick<Problem, 'detail' | 'errors'> = {},
): Problem => ({
  type: `${PROBLEM_PREFIX}${type}`,
  ...problems[type],
  ...(detail !== undefined && { detail: boundedDetail(detail) }),
  ...(errors && { errors: boundedErrors(errors) }),
});
