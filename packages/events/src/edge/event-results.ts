import type { Problem } from '@amends/contracts';
import type { Outcome } from './dispatch.ts';

/** What became of one event of a request; `id` is the event's, null when it could not be read. */
export interface EventResult {
  readonly index: number;
  readonly id: string | null;
  readonly outcome: Outcome;
  readonly problem: Problem | null;
}

/** What an answer about bad events may have in all; ids of what was taken come on top. */
const ANSWER_MAX_BYTES = 64_000;
/** A result without its id and its problem, and what stands around them. */
const BARE_RESULT_BYTES = 60;
const REST_BYTES = 200;

/**
 * Keeps an answer small, whatever was sent. Each event has its result; but once the answer is full, the problem of a bad one is left out
 * (null), and its id too. `worst` is the problem that the answer is about.
 */
export const fitted = (results: readonly EventResult[], worst: Problem | null): EventResult[] => {
  let room = ANSWER_MAX_BYTES - REST_BYTES - results.length * BARE_RESULT_BYTES - bytesOf(worst);
  const take = <T>(value: T): T | null => {
    const bytes = bytesOf(value);
    if (bytes > room) return null;
    room -= bytes;
    return value;
  };
  return results.map((result) => {
    if (result.problem === null) return result;
    const { type, title, status } = result.problem;
    return { ...result, id: take(result.id), problem: take(result.problem) ?? take({ type, title, status }) };
  });
};

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
