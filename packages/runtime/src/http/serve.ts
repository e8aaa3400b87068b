import { serve as serveNode } from '@hono/node-server';
import type { Server } from 'node:http';
import type { Running } from '../process.ts';

/** How long requests in flight may go on once the server closes. */
const DRAIN_MS = 5_000;

/** Serves until closed; closing lets the requests in flight end. Rejects when the port is busy. */
export const serve = (
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<Running & { readonly port: number }> =>
  new Promise((resolve, reject) => {
    const server = serveNode({ fetch: app.fetch, hostname: host, port }, (info) =>
      resolve({ port: info.port, close: () => closeServer(server) }),
    ) as Server;
    server.once('error', reject);
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const hard = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(hard);
      resolve();
    });
    server.closeIdleConnections();
  });
