import { NamespaceNotFoundError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { Unavailable } from '@amends/contracts/internal';

/** How long one call to Temporal may take, unless it is meant to wait. */
export const CALL_DEADLINE_MS = 5_000;

/** The SDK sleeps between its own retries without looking at the deadline; past this much more we answer without it. */
const DEADLINE_GRACE_MS = 250;

/** gRPC status codes that say "not now": cancelled, unknown, deadline, exhausted, precondition (no worker polls), aborted, unavailable. */
const NOT_NOW: ReadonlySet<unknown> = new Set([1, 2, 4, 8, 9, 10, 14]);
/** The server's words where a namespace, or what sagas need in it, is not there yet. */
const NOT_SET_UP = /search attribute|^namespace .* not found/i;
/** The server's words, under the code of "no worker polls", for a run that a worker does poll, and fails. */
const TASK_FAILS = /task in failed state/i;

/**
 * Calls Temporal with a deadline for the whole of `call`.
 *
 * @throws Unavailable when Temporal or a worker does not answer in time, or is not set up yet (namespace, search attributes)
 */
export const bounded = async <T>(client: Client, withinMs: number, call: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unavailable(`Temporal did not answer within ${withinMs} ms`)),
      withinMs + DEADLINE_GRACE_MS,
    );
  });
  try {
    return await Promise.race([client.withDeadline(Date.now() + withinMs, call), tooLate]);
  } catch (error) {
    throw reasonOutOfReach(error) ?? error;
  } finally {
    clearTimeout(timer);
  }
};

const reasonOutOfReach = (error: unknown): Unavailable | undefined => {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof NamespaceNotFoundError)
      return new Unavailable('Temporal has no such namespace yet', { cause: error });
    const { code, details } = link as { code?: unknown; details?: unknown };
    if (typeof details !== 'string' || TASK_FAILS.test(details)) continue;
    if (NOT_NOW.has(code) || NOT_SET_UP.test(details)) {
      return new Unavailable(`Temporal cannot answer now: ${details}`, { cause: error });
    }
  }
  return undefined;
};
