import { Pool } from 'pg';
import type { Log } from './log.ts';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;

/** A pool that outlives a restart of its database: a broken idle connection is logged and replaced. */
export const createPool = (connectionString: string, log: Log, size = POOL_SIZE): Pool => {
  const pool = new Pool({ connectionString, max: size, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
  return pool;
};
