import type { Pool, PoolClient } from 'pg';
import { EVENTS_MAX_AGE_DAYS } from '@amends/contracts/internal';
import type { Row } from './row.ts';

const AT_ONCE = 500;

/** Keeps what a target has in a store that may be taken away, in the transaction that settles it. @param stores by row */
export const keepSent = async (
  client: PoolClient,
  rows: readonly Row[],
  stores: ReadonlyMap<string, string>,
): Promise<void> => {
  const sent = rows.filter(({ id }) => stores.has(id));
  if (sent.length === 0) return;
  await client.query(
    `insert into outbox_sent (id, bucket, key, event_id, type, source, data, time, message_id, store)
     select outbox.id, bucket, key, event_id, type, source, data, time, message_id, sent.store
     from outbox join unnest($1::bigint[], $2::text[]) as sent (id, store) on sent.id = outbox.id
     on conflict (id) do update set store = excluded.store, sent_at = excluded.sent_at`,
    [sent.map(({ id }) => id), sent.map(({ id }) => stores.get(id))],
  );
};

/**
 * Puts back into the outbox what was sent into another store than this one, which has taken its place. Each keeps its id, and so its turn
 * among those of its key. Several may do so at once. @returns how many
 */
export const sendAgain = async (pool: Pool, store: string): Promise<number> => {
  let all = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `with lost as (
         delete from outbox_sent where id in (
           select id from outbox_sent
           where store <> $1 and sent_at > now() - make_interval(days => $2) order by id limit $3 for update skip locked
         ) returning *
       )
       insert into outbox (id, bucket, key, event_id, type, source, data, time, message_id)
       overriding system value
       select id, bucket, key, event_id, type, source, data, time, message_id from lost order by id
       on conflict (id) do nothing`,
      [store, EVENTS_MAX_AGE_DAYS, AT_ONCE],
    );
    if (!rowCount) return all;
    all += rowCount;
  }
};

/** Forgets what the broker would not keep any more either. */
export const forgetSent = async (pool: Pool): Promise<void> => {
  await pool.query('delete from outbox_sent where sent_at < now() - make_interval(days => $1)', [EVENTS_MAX_AGE_DAYS]);
};
