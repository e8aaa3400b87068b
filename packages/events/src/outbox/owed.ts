import type { PoolClient } from 'pg';
import { isOwed, type Target } from '../targets/target.ts';
import type { Row } from './row.ts';
import { keepSent } from './sent.ts';
import { BUCKET_LOCK } from './locks.ts';
import { BUCKETS } from './migrate.ts';

/** A round takes no more into memory than this, however much waits: events are up to 1 MB each. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 4_000_000;

/** Whom a relay serves in one round, beside whom else, and which keys wait. */
export interface Owing {
  readonly target: Target;
  readonly targets: readonly Target[];
  readonly waiting: readonly string[];
}

/**
 * Rows that `$1` has not got; one that is for a target we do not have (there is a broker now, or none any more) is for everybody.
 */
const OWED = `not ($1 = any(delivered)) and (meant_for is null or meant_for = $1 or meant_for <> all($2::text[]))
  and ($3::text[] is null or type = any($3)) and key <> all($4::text[])`;

const parameters = ({ target: { name, types }, targets, waiting }: Owing) => [
  name,
  targets.map((one) => one.name),
  types === 'all' ? null : types,
  waiting,
];

export const isAnyOwed = async (db: Pick<PoolClient, 'query'>, owing: Owing): Promise<boolean> => {
  const { rowCount } = await db.query(`select 1 from outbox where ${OWED} limit 1`, parameters(owing));
  return rowCount !== 0;
};

/** Takes what buckets can be had until the transaction ends, and answers the beginning of what they hold for the target. */
export const claimOwed = async (client: PoolClient, owing: Owing): Promise<Row[]> => {
  const owned = await client.query<{ bucket: number }>(
    `select bucket from generate_series(0, $2::int - 1) bucket
     where pg_try_advisory_xact_lock($1::int, hashtext($3 || '/' || bucket))`,
    [BUCKET_LOCK, BUCKETS, owing.target.name],
  );
  // A statement of its own, so that it sees what the relay before us has deleted.
  const { rows } = await client.query<Row>(
    `select id, key, event_id, type, source, data, time, meant_for, message_id
     from (
       select *, sum(octet_length(data)) over (order by id) - octet_length(data) as bytes_before
       from (select * from outbox where ${OWED} and bucket = any($5::int[]) order by id limit $6) as batch
     ) as measured
     where bytes_before < $7 order by id`,
    [...parameters(owing), owned.rows.map(({ bucket }) => bucket), BATCH_ROWS, BATCH_BYTES],
  );
  return rows;
};

/** Notes that the target has these, and removes those which everybody has now who is owed them; `stores`: which of them are to be kept, and as what is where. */
export const settleOwed = async (
  client: PoolClient,
  { target, targets }: Owing,
  rows: readonly Row[],
  stores: ReadonlyMap<string, string>,
): Promise<void> => {
  const isFor = ({ name }: Target, { meant_for: only }: Row) =>
    name === only || !targets.some((one) => one.name === only);
  const forOthers = (row: Row) => targets.filter((one) => one !== target && isFor(one, row) && isOwed(one, row.type));
  const shared = rows.filter((row) => forOthers(row).length > 0);
  const there =
    shared.length === 0
      ? new Map<string, readonly string[]>()
      : // locked in one order: the relays of two targets may settle the same rows at once
        await lockRows(client, shared);
  const isDone = (row: Row) => forOthers(row).every(({ name }) => there.get(row.id)?.includes(name));
  const done = rows.filter(isDone).map(({ id }) => id);
  const left = rows.filter((row) => !isDone(row)).map(({ id }) => id);
  await keepSent(client, rows, stores);
  await client.query('delete from outbox where id = any($1::bigint[])', [done]);
  if (left.length === 0) return;
  await client.query('update outbox set delivered = delivered || $2::text where id = any($1::bigint[])', [
    left,
    target.name,
  ]);
};

const lockRows = async (client: PoolClient, rows: readonly Row[]): Promise<Map<string, readonly string[]>> => {
  const locked = await client.query<{ id: string; delivered: string[] }>(
    'select id, delivered from outbox where id = any($1::bigint[]) order by id for update',
    [rows.map(({ id }) => id)],
  );
  return new Map(locked.rows.map(({ id, delivered }) => [id, delivered]));
};
