import type { CloudEvent } from 'cloudevents';
import type { Pool, PoolClient } from 'pg';
import type { EventType } from '../../contracts/events.ts';
import type { Log } from '../../platform/log.ts';
import { newEvent } from '../new-event.ts';
import type { BackOff } from './key-back-off.ts';
import { BUCKET_LOCK } from './locks.ts';
import { BUCKETS } from './migrate.ts';

const BATCH_ROWS = 500;
const KEYS_AT_ONCE = 32;
/** After this long a round begins no further publish, so that what it has published is soon deleted and its buckets free. */
const ROUND_MS = 5_000;
/** PostgreSQL ends the transaction of a relay that froze, and with it its ownership. More than a round and one publish. */
const FROZEN_AFTER_MS = 30_000;

interface Row {
  id: string;
  key: string;
  event_id: string;
  type: EventType;
  source: string;
  data: string;
  time: Date;
}

/** `busy`: look again at once; `idle`: nothing is there to do now; `outage`: nothing could be published. */
export type RoundOutcome = 'busy' | 'idle' | 'outage';

/**
 * One round of a relay, in one transaction: owns what buckets it can get, publishes what they hold, one event in flight a key
 * and keys in parallel, and deletes what the broker has. Ending anywhere repeats events, never loses or disorders them.
 *
 * No row of a key can come before one we have seen: `enqueue` locks the key before the row takes its id. So no "id > last",
 * which would miss a smaller id that commits later.
 */
export const relayRound = async ({
  pool,
  publish,
  log,
  backOff,
  closing,
}: {
  pool: Pool;
  publish: (event: CloudEvent<unknown>) => Promise<void>;
  log: Log;
  backOff: BackOff;
  closing: AbortSignal;
}): Promise<RoundOutcome> => {
  const waiting = backOff.waiting();
  const { rowCount } = await pool.query('select 1 from outbox where key <> all($1) limit 1', [waiting]);
  if (rowCount === 0) return 'idle';

  const client = await pool.connect();
  let lost = false;
  const onError = () => (lost = true); // and with it the locks: another relay may be at the same keys
  client.on('error', onError);
  let broken = true;
  try {
    const rows = await claim(client, waiting);
    const deadline = Date.now() + ROUND_MS;
    const sent = await publishKeys(byKey(rows), {
      publish,
      log,
      goOn: () => !lost && !closing.aborted && Date.now() < deadline,
    });
    await client.query('delete from outbox where id = any($1::bigint[])', [sent.ids]);
    await client.query('commit');
    broken = false;
    if (rows.length === 0) return 'idle';
    for (const key of sent.keys) if (!sent.failed.has(key)) backOff.succeeded(key);
    const outage = sent.ids.length === 0 && sent.failed.size > 1;
    if (outage) return 'outage';
    for (const key of sent.failed) backOff.failed(key);
    return sent.ids.length > 0 ? 'busy' : 'idle';
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
};

const claim = async (client: PoolClient, waiting: readonly string[]): Promise<Row[]> => {
  await client.query(`begin; set local idle_in_transaction_session_timeout = ${FROZEN_AFTER_MS}`);
  const owned = await client.query<{ bucket: number }>(
    'select bucket from generate_series(0, $2::int - 1) bucket where pg_try_advisory_xact_lock($1::int, bucket)',
    [BUCKET_LOCK, BUCKETS],
  );
  // A statement of its own, so that it sees what the relay before us has deleted.
  const { rows } = await client.query<Row>(
    `select id, key, event_id, type, source, data, time from outbox
     where bucket = any($1::int[]) and key <> all($2) order by id limit $3`,
    [owned.rows.map(({ bucket }) => bucket), waiting, BATCH_ROWS],
  );
  return rows;
};

const byKey = (rows: readonly Row[]): [string, Row[]][] => {
  const keys = new Map<string, Row[]>();
  for (const row of rows) {
    const of = keys.get(row.key);
    if (of) of.push(row);
    else keys.set(row.key, [row]);
  }
  return [...keys];
};

/** Publishes each key's rows in turn; the first failure of a key ends that key's turn. */
const publishKeys = async (
  queue: [string, Row[]][],
  { publish, log, goOn }: { publish: (event: CloudEvent<unknown>) => Promise<void>; log: Log; goOn: () => boolean },
): Promise<{ ids: string[]; keys: Set<string>; failed: Set<string> }> => {
  const sent = { ids: [] as string[], keys: new Set<string>(), failed: new Set<string>() };
  const publishKey = async ([key, rows]: [string, Row[]]): Promise<void> => {
    for (const row of rows) {
      if (!goOn()) return;
      try {
        await publish(eventOf(row));
        sent.ids.push(row.id);
        sent.keys.add(key);
      } catch (error) {
        sent.failed.add(key);
        log.warn({ err: error, type: row.type, key, event: row.event_id }, 'an event could not be published yet');
        return;
      }
    }
  };
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await publishKey(next);
  };
  await Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, queue.length) }, lane));
  return sent;
};

const eventOf = (row: Row): CloudEvent<unknown> =>
  newEvent({
    id: row.event_id,
    type: row.type,
    source: row.source,
    subject: row.key,
    time: row.time.toISOString(),
    data: JSON.parse(row.data),
  });
