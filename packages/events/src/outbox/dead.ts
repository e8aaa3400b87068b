import type { Pool, PoolClient } from 'pg';
import { KEY_LOCK } from './locks.ts';
import { BUCKETS } from './migrate.ts';
import type { Target } from '../targets/target.ts';
import type { Row } from './row.ts';

/** An event that a target has finally refused. `id` is this entry's; a second target's refusal is another. */
export interface DeadEvent {
  readonly id: string;
  readonly target: string;
  readonly reason: string;
  readonly diedAt: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly source: string;
    readonly subject: string;
    readonly time: string;
    readonly data: unknown;
  };
}

/** Puts what the target refused to its dead events, in the transaction that settles them. */
export const bury = async (
  client: PoolClient,
  { name }: Target,
  refused: readonly { readonly row: Row; readonly reason: string }[],
): Promise<void> => {
  for (const { row, reason } of refused) {
    await client.query(
      `insert into outbox_dead (target, reason, key, event_id, type, source, data, time)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      // PostgreSQL keeps no NUL
      [name, reason.replaceAll('\0', ''), row.key, row.event_id, row.type, row.source, row.data, row.time],
    );
  }
};

interface DeadRow {
  id: string;
  target: string;
  reason: string;
  died_at: Date;
  key: string;
  event_id: string;
  type: string;
  source: string;
  data: string;
  time: Date;
}

/** Dead events after that id, oldest first. */
export const deadEvents = async (
  pool: Pool,
  { after = '0', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<DeadEvent[]> => {
  const { rows } = await pool.query<DeadRow>('select * from outbox_dead where id > $1 order by id limit $2', [
    after,
    limit,
  ]);
  return rows.map(({ id, target, reason, died_at: diedAt, event_id: eventId, type, source, key, time, data }) => ({
    id,
    target,
    reason,
    diedAt: diedAt.toISOString(),
    event: { id: eventId, type, source, subject: key, time: time.toISOString(), data: JSON.parse(data) as unknown },
  }));
};

/** Puts a dead event back into the outbox for the target that refused it, behind whatever waits of its key; false when there is none. */
export const redrive = async (pool: Pool, id: string): Promise<boolean> =>
  (await raise(pool, { where: 'id = $1', id, limit: 1 })) === 1;

/** The same for all that are dead by now. @returns how many */
export const redriveAll = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ last: string }>('select coalesce(max(id), 0) as last from outbox_dead');
  const upTo = { where: 'id <= $1', id: rows[0]?.last ?? '0', limit: AT_ONCE };
  let all = 0;
  for (let some = await raise(pool, upTo); some > 0; some = await raise(pool, upTo)) all += some;
  return all;
};

const AT_ONCE = 500;

const raise = async (
  pool: Pool,
  { where, id, limit }: { where: string; id: string; limit: number },
): Promise<number> => {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin isolation level read committed');
    const { rows } = await client.query<{ id: string; key: string }>(
      `select id, key from outbox_dead where ${where} order by id limit $2 for update skip locked`,
      [id, limit],
    );
    // keys before ids, as in enqueue, and in one order
    for (const key of [...new Set(rows.map((row) => row.key))].toSorted()) {
      await client.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [KEY_LOCK, key]);
    }
    await client.query(
      `with risen as (delete from outbox_dead where id = any($1::bigint[]) returning *)
       insert into outbox (bucket, key, event_id, type, source, data, time, meant_for)
       select abs(hashtext(key)::bigint) % $2::int, key, event_id, type, source, data, time, target
       from risen order by id`,
      [rows.map((row) => row.id), BUCKETS],
    );
    await client.query('commit');
    broken = false;
    return rows.length;
  } finally {
    client.release(broken);
  }
};

/** Gives a dead event up for good, and says which it was; undefined when there is none of that id. */
export const discardDead = async (
  pool: Pool,
  id: string,
): Promise<
  { readonly target: string; readonly type: string; readonly key: string; readonly event: string } | undefined
> => {
  const { rows } = await pool.query<{ target: string; type: string; key: string; event: string }>(
    'delete from outbox_dead where id = $1 returning target, type, key, event_id as event',
    [id],
  );
  return rows[0];
};
