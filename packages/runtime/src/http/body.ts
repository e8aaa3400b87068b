import type { Context } from 'hono';
import type { z } from 'zod';
import { parseJson, TooDeep, tooMuch } from './json.ts';
import { problemError, type ProblemIssue } from './problem.ts';

/**
 * The body as JSON of a schema.
 *
 * @throws HTTPException 400 `not-json`, or 422 `invalid` with the list of paths, also when it is too deep or a list in it too long
 */
export const readBody = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (error instanceof TooDeep) throw invalid([{ path: '', message: error.message }]);
    throw problemError(
      'not-json',
      { status: 400, title: 'The body is not JSON' },
      { detail: (error as Error).message },
    );
  }
  const why = tooMuch(json);
  if (why !== undefined) throw invalid([{ path: '', message: why }]);
  return parseOr422(json, schema);
};

const invalid = (errors: readonly ProblemIssue[]) =>
  problemError('invalid', { status: 422, title: 'The request is not of the published form' }, { errors });

/** @throws HTTPException 422 `invalid` with the list of paths */
export const parseOr422 = <T>(value: unknown, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(issuesOf(parsed.error));
};

/** What is wrong, by path: `{path: 'lines.0.quantity', message}`. */
export const issuesOf = (error: z.ZodError): ProblemIssue[] =>
  error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
