import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isLockTimeout } from '@amends/participant/service';
import { GATE_LOCK } from './locks.ts';

/** Short, since those who want to write queue up behind it; and again, since a transaction of theirs may take up to 5 s. */
const GATE_WAIT_MS = 300;
const GATE_TRIES = 100;
const GATE_PAUSE_MS = 100;
const ROWS_AT_ONCE = 5_000;

/**
 * Begins to build a generation of the read side beside the one that is served, and answers its number; one that was left half-built goes.
 * Every transaction that hears an event from then on writes into both, and every earlier one has ended.
 */
export const beginGeneration = async (pool: Pool): Promise<number> => {
  await pastTheGate(pool, (client) => client.query('update order_read_side set building = null'));
  await dropOthers(pool);
  const { rows } = await pastTheGate(pool, (client) =>
    client.query<{ building: number }>('update order_read_side set building = current + 1 returning building'),
  );
  const building = rows[0]?.building;
  if (building === undefined) throw new Error('order_read_side has lost its row');
  return building;
};

/** From now on that generation is what is served, and no other is there; false when it is not being built any more. */
export const serveGeneration = async (pool: Pool, generation: number): Promise<boolean> => {
  const { rowCount } = await pastTheGate(pool, (client) =>
    client.query('update order_read_side set current = building, building = null where building = $1', [generation]),
  );
  if (rowCount === 0) return false;
  await dropOthers(pool);
  return true;
};

/** Removes the rows of what is neither served nor built. */
const dropOthers = async (pool: Pool): Promise<void> => {
  for (const table of ['order_facts', 'order_views']) {
    for (let rowCount: number | null = ROWS_AT_ONCE; rowCount === ROWS_AT_ONCE;) {
      ({ rowCount } = await pool.query(
        `delete from ${table} where ctid = any (array(
           select ${table}.ctid from ${table}, order_read_side
           where generation <> current and generation is distinct from building limit $1))`,
        [ROWS_AT_ONCE],
      ));
    }
  }
};

/** In a transaction while nobody writes the read side. */
const pastTheGate = async <T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    const client = await pool.connect();
    try {
      await client.query(`begin isolation level read committed; set local lock_timeout = ${GATE_WAIT_MS}`);
      await client.query('select pg_advisory_xact_lock($1, 0)', [GATE_LOCK]);
      const value = await work(client);
      await client.query('commit');
      client.release();
      return value;
    } catch (error) {
      // with its connection ends whatever it had begun
      client.release(true);
      if (!isLockTimeout(error) || tries === GATE_TRIES) throw error;
      await sleep(GATE_PAUSE_MS);
    }
  }
};
