import type { Pool, PoolClient } from 'pg';

/** How long a request waits for a connection: as long as its caller waits for an answer. A pool with a shorter limit says so itself. */
const CONNECTION_WAIT_MS = 5_000;

/** No connection could be had, for whatever reason: the request has done nothing. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
}

/** A pool's connection that is in use. */
export interface Taken {
  readonly client: PoolClient;
  /** To be called once; with an error the connection is destroyed. */
  readonly giveBack: (error?: Error) => void;
}

/**
 * Takes a connection out of a pool; one that breaks meanwhile ends no process, and the next statement tells of it.
 *
 * @throws NoConnection when none can be had within 5 s; whoever has one keeps it
 */
export const takeConnection = async (pool: Pool): Promise<Taken> => {
  const client = await withinWait(pool.connect());
  client.on('error', ignore);
  return {
    client,
    giveBack: (error) => {
      client.removeListener('error', ignore);
      client.release(error);
    },
  };
};

const ignore = (): void => {};

const withinWait = (connecting: Promise<PoolClient>): Promise<PoolClient> =>
  new Promise((resolve, reject) => {
    let isWaiting = true;
    const giveUp = (why: string, cause?: unknown): void => {
      isWaiting = false;
      clearTimeout(timer);
      reject(new NoConnection(`no connection to the database: ${why}`, { cause }));
    };
    const timer = setTimeout(() => giveUp(`none became free within ${CONNECTION_WAIT_MS} ms`), CONNECTION_WAIT_MS);
    connecting.then(
      (client) => {
        clearTimeout(timer);
        if (isWaiting) resolve(client);
        // it came too late, and is as good as before
        else client.release();
      },
      (error: unknown) => giveUp(error instanceof Error ? error.message : String(error), error),
    );
  });
