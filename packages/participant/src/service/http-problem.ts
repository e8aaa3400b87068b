import type { Context } from 'hono';
import { problems } from '@amends/contracts/internal';
import { problemError, type ProblemExtras } from '@amends/runtime/internal';
import { carriesToken } from '../http/service-token.ts';

/** A problem of that type, with its own status and title, to be thrown: `throw httpProblem('conflict', { detail: 'some of it is reserved' })`. */
export const httpProblem = (type: keyof typeof problems, extras: ProblemExtras = {}): ReturnType<typeof problemError> =>
  problemError(type, problems[type], extras);

/** @throws HTTPException 401 `unauthorized` unless the request shows that token */
export const requireToken = (c: Context, token: string | undefined): void => {
  if (token !== undefined && carriesToken(c.req.header('authorization'), token)) return;
  throw httpProblem('unauthorized', { headers: { 'www-authenticate': 'Bearer' } });
};
