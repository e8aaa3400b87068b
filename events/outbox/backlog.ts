import type { Pool } from 'pg';

/** What waits in an outbox; `oldestMs` is the age of the oldest event in milliseconds, 0 when none waits. */
export interface Backlog {
  readonly count: number;
  readonly oldestMs: number;
}

export const outboxBacklog = async (pool: Pool): Promise<Backlog> => {
  const { rows } = await pool.query<{ count: number; oldest: number }>(`
    select count(*)::int as count,
      coalesce(extract(epoch from clock_timestamp() - min(time)) * 1000, 0)::float8 as oldest
    from outbox`);
  return { count: rows[0]?.count ?? 0, oldestMs: Math.max(0, Math.round(rows[0]?.oldest ?? 0)) };
};
