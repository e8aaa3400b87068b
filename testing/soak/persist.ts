import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Longer than any of the outages that a soak makes. */
const PATIENCE_MS = 5 * 60_000;

/** Nobody has said that it was taken: it is to be sent again. */
export const NOT_TAKEN = Symbol('not taken');

/**
 * Sends again and again until somebody says that it was taken, as a sender must who wants to lose nothing; `again` is called before each repeat.
 *
 * @throws Error in words when that takes longer than any outage; what `send` throws is taken for an outage
 */
export const persist = async <T>(
  what: string,
  send: () => Promise<T | typeof NOT_TAKEN>,
  { signal, again }: { readonly signal: AbortSignal; readonly again: () => void },
): Promise<T> => {
  const end = Date.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const answer = await send().catch((error: Error) => error);
    if (!(answer instanceof Error) && answer !== NOT_TAKEN) return answer;
    if (Date.now() > end) {
      const why = answer instanceof Error ? answer.message : 'nobody took it';
      throw new Error(`${what} could not be delivered within ${PATIENCE_MS / 60_000} minutes (${why})`);
    }
    await sleep(pause, undefined, { signal });
    again();
  }
};
