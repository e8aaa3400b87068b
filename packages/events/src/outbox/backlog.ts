import type { Pool } from 'pg';

/** What waits in an outbox; `oldestMs` is the age of the oldest event in milliseconds, 0 when none waits. `dead`: what was refused. */
export interface Backlog {
  readonly count: number;
  readonly oldestMs: number;
  readonly dead: number;
}

export const outboxBacklog = async (pool: Pool): Promise<Backlog> => {
  const { rows } = await pool.query<{ count: number; oldest: number; dead: number }>(`
    select count(*)::int as count,
      coalesce(extract(epoch from clock_timestamp() - min(time)) * 1000, 0)::float8 as oldest,
      (select count(*)::int from outbox_dead) as dead
    from outbox`);
  const { count = 0, oldest = 0, dead = 0 } = rows[0] ?? {};
  return { count, oldestMs: Math.max(0, Math.round(oldest)), dead };
};
