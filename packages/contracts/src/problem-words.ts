import { Problem } from './problems.ts';

/** What an answer that is no 2xx says, in one line: the words of its problem document, or its text where it is none. */
export const problemWords = (text: string): string => {
  const problem = problemIn(text);
  if (problem === undefined) return text;
  const { title, detail, errors = [] } = problem;
  const wrong = errors.map(({ path, message }) => `${path}: ${message}`);
  return [title, ...(detail === undefined ? [] : [detail]), ...wrong].join('; ');
};

const problemIn = (text: string): Problem | undefined => {
  try {
    return Problem.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
