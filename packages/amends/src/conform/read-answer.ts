import { TRY_LATER, PROBLEM_PREFIX } from '@amends/contracts/internal';
import { z } from 'zod';
import type { Answer } from './speaker.ts';

const ProblemLike = z.object({ type: z.string(), status: z.int().optional() });

/** The body as JSON; undefined when it is none. */
export const jsonOf = ({ text }: Answer): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The problem's type after `urn:amends:`; undefined for any other answer. */
export const problemOf = (answer: Answer): string | undefined => {
  const { data } = ProblemLike.safeParse(jsonOf(answer));
  return data?.type.startsWith(PROBLEM_PREFIX) === true ? data.type.slice(PROBLEM_PREFIX.length) : undefined;
};

export const isDone = ({ status }: Answer): boolean => status >= 200 && status < 300;

const LATER: readonly (string | undefined)[] = ['in-flight', 'busy', 'unavailable'];

/** Whether a client would come again: nothing is decided yet. */
export const isLater = (answer: Answer): boolean =>
  !isDone(answer) && (LATER.includes(problemOf(answer)) || TRY_LATER.includes(answer.status) || answer.status >= 500);
