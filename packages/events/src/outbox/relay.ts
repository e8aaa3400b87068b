import type { Pool } from 'pg';
import type { Log, Running } from '@amends/runtime/internal';
import type { Target } from '../targets/target.ts';
import { createBackOff } from './key-back-off.ts';
import { relayRound } from './relay-round.ts';
import { forgetSent, sendAgain } from './sent.ts';
import { createSleeper } from './sleeper.ts';

/** How soon an event is found that nobody told us of: one of another process, or of one that died after its commit. */
const POLL_MS = 200;
/** How long the relay keeps still when nothing at all can be delivered, or the database is away; doubling. */
const OUTAGE_PAUSE_MS = 500;
const OUTAGE_PAUSE_MAX_MS = 2_000;
const FORGET_EVERY_MS = 600_000;

export interface Relay extends Running {
  /** To be called after the commit of a transaction that has enqueued; costs nothing. */
  readonly wake: () => void;
}

interface RelayParts {
  readonly pool: Pool;
  readonly targets: readonly Target[];
  readonly log: Log;
}

/**
 * Delivers what the outbox holds to every target that is owed it, at least once and in commit order per key; a row goes when all of them
 * have its event. Each target is served by itself: one who is away keeps nothing from another. What a target finally refuses is put to
 * its dead events, and the key goes on. What has gone into a store that was taken away since, within 7 days, is delivered again (E9).
 *
 * Several relays may run on one outbox: each works on the buckets whose lock it gets. It outlives restarts of its targets and of the
 * database. `close` ends after the deliveries in flight.
 */
export const startRelay = (parts: RelayParts): Relay => {
  const loops = parts.targets.map((target) => startLoop({ ...parts, target }));
  return {
    wake: () => {
      for (const { wake } of loops) wake();
    },
    close: async () => {
      await Promise.all(loops.map(({ close }) => close()));
    },
  };
};

const startLoop = (parts: RelayParts & { readonly target: Target }): Relay => {
  const { log, target } = parts;
  const backOff = createBackOff();
  const sleeper = createSleeper();
  const closing = new AbortController();

  let known: string | undefined;
  let forgotAt = 0;
  const round = async () => {
    const store = target.store?.() ?? undefined;
    if (store !== undefined && store !== known) {
      const count = await sendAgain(parts.pool, store);
      if (count > 0) log.warn({ target: target.name, count }, 'what was sent before is gone there: it is sent again');
      known = store;
    }
    if (target.store && Date.now() - forgotAt > FORGET_EVERY_MS) {
      await forgetSent(parts.pool);
      forgotAt = Date.now();
    }
    return relayRound({ ...parts, backOff, closing: closing.signal });
  };

  const run = async (): Promise<void> => {
    let pause = OUTAGE_PAUSE_MS;
    while (!closing.signal.aborted) {
      const outcome = await round().catch((error: unknown) => {
        log.warn({ err: error, target: target.name }, 'the outbox cannot be read now');
        return 'outage' as const;
      });
      if (outcome === 'idle') await sleeper.sleep(POLL_MS);
      if (outcome === 'outage') await sleeper.sleep(pause, { deaf: true });
      pause = outcome === 'outage' ? Math.min(OUTAGE_PAUSE_MAX_MS, pause * 2) : OUTAGE_PAUSE_MS;
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
