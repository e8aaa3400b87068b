import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let allowed = Number.POSITIVE_INFINITY;
  const held: (() => void)[] = [];
  let bursts = 0;
  let plan: { burst: number; when: 'early' | 'late' } | undefined;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let waiting = false;
    const close = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', close);
      socket.on('close', () => {
        sockets.delete(socket);
        close();
      });
    }
    client.on('data', (data) => {
      if (!waiting) bursts += 1;
      waiting = true;
      const at = bursts - 1;
      if (plan !== undefined && at >= plan.burst) {
        const { when } = plan;
        plan = undefined;
        upstream.removeAllListeners('data');
        if (when === 'early') close();
        else {
          upstream.write(data);
          void sleep(LATE_MS).then(close);
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
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    allow: (count) => {
      bursts = 0;
      allowed = count;
      for (const write of held.splice(0)) write();
    },
    cut: (burst, when) => {
      bursts = 0;
      plan = { burst, when };
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
