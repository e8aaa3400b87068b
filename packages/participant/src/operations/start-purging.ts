import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Log } from '@amends/runtime/internal';
import { purgeOperations } from './purge.ts';

/** How often a service purges when nobody says otherwise. */
const PURGE_EVERY_MS = 86_400_000;
/** A purge that failed is repeated sooner. */
const REPEAT_AFTER_MS = 60_000;
/** Node takes a longer wait for none. */
const LONGEST_WAIT_MS = 2_147_483_647;

/**
 * Purges at once, so that a service that is restarted often purges too, and then every so often (default a day) until it is
 * closed, which waits for the batch under way. A purge that fails is logged and repeated within a minute.
 */
export const startPurging = (
  pool: Pool,
  log: Log,
  everyMs: number = PURGE_EVERY_MS,
): { readonly close: () => Promise<void> } => {
  const closing = new AbortController();
  const { signal } = closing;
  const purge = async (): Promise<number> => {
    try {
      const sagas = await purgeOperations(pool, signal);
      if (sagas > 0) log.info({ sagas }, 'forgot the operations of sagas past the limit');
      return everyMs;
    } catch (error) {
      log.warn({ err: error }, 'a purge failed');
      return Math.min(everyMs, REPEAT_AFTER_MS);
    }
  };
  const purging = (async () => {
    while (!signal.aborted) {
      const waitMs = Math.min(await purge(), LONGEST_WAIT_MS);
      await sleep(waitMs, undefined, { signal }).catch(() => {
        // closed meanwhile
      });
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await purging;
    },
  };
};
