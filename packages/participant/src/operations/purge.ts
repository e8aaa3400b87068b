import { PURGE_LIMIT_DAYS } from '@amends/contracts/protocol';
import type { Pool } from 'pg';
import { PURGE_LOCK } from './locks.ts';
import { commit, inTransaction } from '../database/transaction.ts';

/** How many sagas one transaction purges: some thousand rows, well within what a statement may take. */
const BATCH = 200;
const MAX_BATCHES = 1_000;
/** Who holds a row of so old a saga is about to let it go, or is stuck. */
const ROW_WAIT_MS = 1_000;

/**
 * Forgets every operation and seal of sagas that began before the limit, a whole saga at once (a list is complete or gone).
 * A saga with a row that is open at a provider stays: nobody knows yet what it left there. From then on each of their keys is
 * answered 410 `expired`. Answers how many sagas were purged: none while another process purges, at most 200,000; `signal` ends it
 * between two batches.
 */
export const purgeOperations = async (pool: Pool, signal?: AbortSignal): Promise<number> => {
  let purged = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    if (signal?.aborted === true) break;
    const sagas = await inTransaction<number>(pool, ROW_WAIT_MS, async ({ send }) => {
      const [result] = await send({ text: PURGE, values: [PURGE_LIMIT_DAYS, BATCH] });
      return commit(result?.rows[0]?.sagas ?? 0);
    });
    purged += sagas;
    if (sagas < BATCH) break;
  }
  return purged;
};

const PURGE = `
with cutoff as materialized (
  select clock_timestamp() - make_interval(days => $1) as at where pg_try_advisory_xact_lock(${PURGE_LOCK})
),
known as (
  select saga from saga_operations, cutoff where saga_started_at < at
  union
  select saga from saga_seals, cutoff where saga_started_at < at
),
old as materialized (
  select saga from known, cutoff
  where not exists (select from saga_operations o where o.saga = known.saga and o.saga_started_at >= at)
    and not exists (select from saga_seals s where s.saga = known.saga and s.saga_started_at >= at)
    and not exists (select from saga_operations o where o.saga = known.saga and o.state in ('pending', 'undoing'))
  limit $2
),
operations as (delete from saga_operations where saga in (select saga from old)),
seals as (delete from saga_seals where saga in (select saga from old))
select count(*)::int as sagas from old`;
