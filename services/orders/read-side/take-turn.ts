import type { Pool } from 'pg';
import { REBUILD_LOCK } from './locks.ts';

/** The only rebuild at that database, in whatever process; undefined when another is under way. `end` lets the next one begin. */
export const takeTurn = async (pool: Pool): Promise<{ readonly end: () => void } | undefined> => {
  const client = await pool.connect();
  // the turn ends with the session, and so with this process
  const end = () => client.release(true);
  try {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, 0) as got', [REBUILD_LOCK]);
    if (rows[0]?.got === true) return { end };
  } catch (error) {
    end();
    throw error;
  }
  end();
  return undefined;
};
