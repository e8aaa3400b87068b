import { Problem } from '@amends/contracts';

/** An answer that must be a problem: its status, and its type without the prefix. */
export const readProblem = async (response: Response) => {
  if (response.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`${response.status} is no problem: ${await response.text()}`);
  }
  const problem = Problem.parse(await response.json());
  return { ...problem, httpStatus: response.status, type: problem.type.replace(/^urn:amends:/, '') };
};
