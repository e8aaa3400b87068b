import { setTimeout as sleep } from 'node:timers/promises';
import { startBetween } from './between.ts';

/**
 * Stands between a pool and its PostgreSQL. A *burst* is what a connection sends without waiting for an answer: one round
 * trip. The connection can be cut at any burst, before the server sees it or after it was forwarded, and bursts can be held.
 */
export interface PostgresProxy {
  readonly url: string;
  /** Lets so many bursts through from now, and holds the rest until it is told again. */
  allow: (bursts: number) => void;
  /** Cuts the connection at its n-th burst from now (0 is the next); `late` after the server has had it. */
  cut: (burst: number, when: 'early' | 'late') => void;
  readonly close: () => Promise<void>;
}

/** How long a late cut lets the server work on what it was sent. */
const LATE_MS = 30;

export const startPostgresProxy = async (databaseUrl: string): Promise<PostgresProxy> => {
  let allowed = Number.POSITIVE_INFINITY;
  const held: (() => void)[] = [];
  let bursts = 0;
  let plan: { burst: number; when: 'early' | 'late' } | undefined;

  const { url, close } = await startBetween(databaseUrl, ({ client, upstream, close: breakOff }) => {
    let waiting = false;
    client.on('data', (data) => {
      if (!waiting) bursts += 1;
      waiting = true;
      const at = bursts - 1;
      if (plan !== undefined && at >= plan.burst) {
        const { when } = plan;
        plan = undefined;
        upstream.removeAllListeners('data');
        if (when === 'early') breakOff();
        else {
          upstream.write(data);
          void sleep(LATE_MS).then(breakOff);
        }
        return;
      }
      if (at < allowed) upstream.write(data);
      else held.push(() => upstream.write(data));
    });
    upstream.on('data', (data) => {
      waiting = false;
      client.write(data);
    });
  });
  return {
    url,
    allow: (count) => {
      bursts = 0;
      allowed = count;
      for (const write of held.splice(0)) write();
    },
    cut: (burst, when) => {
      bursts = 0;
      plan = { burst, when };
    },
    close,
  };
};
