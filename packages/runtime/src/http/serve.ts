import { serve as serveNode } from '@hono/node-server';
import type { Server } from 'node:http';
import type { Running } from '../process.ts';

/** How long requests in flight may go on once the server closes. */
const DRAIN_MS = 5_000;

/** What one process holds open for others, so that slow or many callers cannot use it up. */
interface Limits {
  /** In which a request has to be whole, headers and body; then 408, and its connection is closed. */
  readonly requestMs: number;
  /** How often that is looked at. */
  readonly lookEveryMs: number;
  /** Further connections are closed at once. */
  readonly connections: number;
}

const LIMITS: Limits = { requestMs: 30_000, lookEveryMs: 5_000, connections: 2_000 };

/** Serves until closed; closing lets the requests in flight end. Rejects when the port is busy. */
export const serve = (
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port, limits = LIMITS }: { host: string; port: number; limits?: Limits },
): Promise<Running & { readonly port: number }> =>
  new Promise((resolve, reject) => {
    const { requestMs, lookEveryMs, connections } = limits;
    const server = serveNode(
      {
        fetch: app.fetch,
        hostname: host,
        port,
        serverOptions: {
          requestTimeout: requestMs,
          headersTimeout: requestMs,
          connectionsCheckingInterval: lookEveryMs,
        },
      },
      (info) => resolve({ port: info.port, close: () => closeServer(server) }),
    ) as Server;
    server.maxConnections = connections;
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
