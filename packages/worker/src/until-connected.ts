import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError, type Log } from '@amends/runtime/internal';

const LONGEST_PAUSE_MS = 5_000;
const FIRST_PAUSE_MS = 200;

/**
 * Tries again, each time a little later, until it works: a process that starts before its server waits for it.
 *
 * @throws ConfigError at once: waiting mends nothing
 */
export const untilConnected = async <T>(what: string, connect: () => Promise<T>, log: Log): Promise<T> => {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await connect();
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      log.warn({ reason: (error as Error).message }, `${what} is not there yet`);
      await pause(wait);
    }
  }
};
