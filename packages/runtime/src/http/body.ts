import type { Context } from 'hono';
import type { z } from 'zod';
import { parseJson, TooDeep } from './json.ts';
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
  const tooMuch = tooLong(json);
  if (tooMuch !== undefined) throw invalid([{ path: '', message: tooMuch }]);
  return parseOr422(json, schema);
};

/** No request of ours has a list as long; looking into such a one would cost more than answering all others. */
const ENTRIES_MAX = 10_000;

/** Why a body is refused before a schema looks into it; undefined when it is not. */
const tooLong = (json: unknown): string | undefined => {
  for (let level = [json]; level.length > 0;) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const entries: unknown[] = Object.values(value);
      if (entries.length > ENTRIES_MAX) return `a list in it has more than ${ENTRIES_MAX} entries`;
      for (const entry of entries) if (typeof entry === 'object' && entry !== null) next.push(entry);
    }
    level = next;
  }
  return undefined;
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
