import { Pool } from 'pg';
import type { Log } from '@amends/runtime/internal';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A pool that outlives a restart of its database: a connection that breaks, idle or in the middle of a transaction, is logged and
 * replaced. Its connections pipeline: statements that are sent without waiting cost one round trip.
 */
export const createPool = (connectionString: string, log: Log, size = POOL_SIZE): Pool => {
  const pool = new Pool({ connectionString, max: size, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, pipeline: true });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
  // pg takes its own listener away while a connection is in use, and an error without a listener ends the process
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error }, 'a database connection broke'));
  });
  return pool;
};
