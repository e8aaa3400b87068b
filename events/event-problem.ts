import { type Problem, PROBLEM_PREFIX, problems } from '../contracts/problems.ts';
import { boundedDetail, boundedErrors } from '../platform/http/problem.ts';

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
