import type { Context } from 'hono';
import type { z } from 'zod';
import { problemError } from './problem.ts';

/**
 * The body as JSON of a schema.
 *
 * @throws HTTPException 400 `not-json`, or 422 `invalid` with the list of paths
 */
export const readBody = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw problemError(
      'not-json',
      { status: 400, title: 'The body is not JSON' },
      { detail: (error as Error).message },
    );
  }
  return parseOr422(json, schema);
};

/** @throws HTTPException 422 `invalid` with the list of paths */
export const parseOr422 = <T>(value: unknown, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw problemError(
    'invalid',
    { status: 422, title: 'The request is not of the published form' },
    { errors: issuesOf(parsed.error) },
  );
};

/** What is wrong, by path: `{path: 'lines.0.quantity', message}`. */
export const issuesOf = (error: z.ZodError): { path: string; message: string }[] =>
  error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
