import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands between a pool and its PostgreSQL. A *burst* is what a connection sends without waiting for an answer: one round
 * trip. It can be cut at any burst, before the server sees it or after it was forwarded, and it can be slow.
 */
export interface PostgresProxy {
  readonly url: string;
  /** From now on each direction takes so long. */
  delay: (ms: number) => void;
  /** Cuts the connection at its n-th burst from now (0 is the next); `late` after the server has had it. */
  cut: (burst: number, when: 'early' | 'late') => void;
  /** Bursts since `cut` or the start. */
  readonly bursts: () => number;
  readonly close: () => Promise<void>;
}

/** How long a late cut lets the server work on what it was sent. */
const LATE_MS = 30;

export const startPostgresProxy = async (databaseUrl: string): Promise<PostgresProxy> => {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let latency = 0;
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
    const later = (act: () => void): void => {
      if (latency === 0) act();
      else setTimeout(act, latency);
    };
    client.on('data', (data) => {
      const at = bursts;
      if (!waiting) bursts += 1;
      waiting = true;
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
      later(() => upstream.write(data));
    });
    upstream.on('data', (data) => {
      waiting = false;
      later(() => client.write(data));
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
    delay: (ms) => {
      latency = ms;
    },
    cut: (burst, when) => {
      bursts = 0;
      plan = { burst, when };
    },
    bursts: () => bursts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
