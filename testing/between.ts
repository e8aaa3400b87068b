import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The two ends of one connection that goes through here; `close` breaks both at once. */
export interface Ends {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly close: () => void;
}

/** Stands between a service and its PostgreSQL; `join` forwards what it wants of each new connection. */
export const startBetween = async (
  databaseUrl: string,
  join: (ends: Ends) => void,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
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
    join({ client, upstream, close });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
