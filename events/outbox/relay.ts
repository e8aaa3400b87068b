import type { CloudEvent } from 'cloudevents';
import type { Pool } from 'pg';
import type { Log } from '../../platform/log.ts';
import type { Running } from '../../platform/process.ts';
import { createBackOff } from './key-back-off.ts';
import { relayRound } from './relay-round.ts';
import { createSleeper } from './sleeper.ts';

/** How soon an event is found that nobody told us of: one of another process, or of one that died after its commit. */
const POLL_MS = 200;
/** How long the relay keeps still when nothing at all can be published, or the database is away. */
const OUTAGE_PAUSE_MS = 500;

export interface Relay extends Running {
  /** To be called after the commit of a transaction that has enqueued; costs nothing. */
  readonly wake: () => void;
}

/**
 * Publishes what the outbox holds, at least once and in commit order per key; a row goes when the broker has its event.
 *
 * Several relays may run on one outbox: each works on the buckets whose lock it gets. It outlives restarts of the broker and
 * of the database. `publish` resolves when the broker has the event, and must settle within 10 s. `close` ends after the
 * publishes in flight.
 */
export const startRelay = ({
  pool,
  publish,
  log,
}: {
  pool: Pool;
  publish: (event: CloudEvent<unknown>) => Promise<void>;
  log: Log;
}): Relay => {
  const backOff = createBackOff();
  const sleeper = createSleeper();
  const closing = new AbortController();

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const outcome = await relayRound({ pool, publish, log, backOff, closing: closing.signal }).catch(
        (error: unknown) => {
          log.warn({ err: error }, 'the outbox cannot be read now');
          return 'outage' as const;
        },
      );

      if (outcome === 'idle') await sleeper.sleep(POLL_MS);
      if (outcome === 'outage') await sleeper.sleep(OUTAGE_PAUSE_MS, { deaf: true });
    }
  };
  const running = run();

  return {
    wake: sleeper.wake,
    close: async () => {
      closing.abort();
      sleeper.end();
      await running;
    },
  };
};
