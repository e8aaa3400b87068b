import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../database/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { newSaga } from '../../../testing/src/services/saga-client.ts';
import { migrateParticipant } from '../database/migrate.ts';
import { purgeOperations } from './purge.ts';
import { PURGE_LIMIT_DAYS } from '../../../contracts/src/protocol/keeping.ts';
import { startPurging } from './start-purging.ts';

const log = createLog('test', 'silent');
let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = createPool(database.url, log);
  await migrateParticipant(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** An operation and a seal of a saga that began so many days ago. */
const remember = async (daysAgo: number): Promise<string> => {
  const saga = newSaga();
  const began = new Date(Date.now() - daysAgo * 86_400_000);
  await pool.query(
    `insert into saga_operations (key, saga, state, saga_started_at) values ($1 || '/step', $1, 'blocked', $2)`,
    [saga, began],
  );
  await pool.query('insert into saga_seals (saga, saga_started_at) values ($1, $2)', [saga, began]);
  return saga;
};
const known = async (): Promise<readonly string[]> =>
  (await pool.query<{ saga: string }>('select saga from saga_operations union select saga from saga_seals')).rows.map(
    ({ saga }) => saga,
  );
const forgotten = async (saga: string): Promise<void> => {
  await expect.poll(known, { timeout: 10_000 }).not.toContain(saga);
};
const OLD = PURGE_LIMIT_DAYS + 1;
const YOUNG = PURGE_LIMIT_DAYS - 1;

it('P11: a service forgets what is past the limit by itself, at once and then every so often, and nothing younger', async () => {
  const [old, young] = [await remember(OLD), await remember(YOUNG)];
  const purging = startPurging(pool, log, 50);
  await forgotten(old);
  await forgotten(await remember(OLD));
  expect(await known()).toEqual([young]);
  await purging.close();
});

it('P11: a purge that fails is repeated', async () => {
  await pool.query('alter table saga_seals rename to hidden');
  const purging = startPurging(pool, log, 50);
  await sleep(200);
  await pool.query('alter table hidden rename to saga_seals');
  const saga = await remember(OLD);
  await forgotten(saga);
  expect(await known()).not.toContain(saga);
  await purging.close();
});

it('P11: who is closed purges no more, also in the middle of its wait, and however long that is', async () => {
  const old = await remember(OLD);
  const purging = startPurging(pool, log, Number.MAX_SAFE_INTEGER);
  await forgotten(old);
  const late = await remember(OLD);
  await sleep(200);
  await purging.close();
  expect(await known()).toContain(late);
});

it('P11: while one process purges another does not, and a row that is held does not hold the purge', async () => {
  const saga = await remember(OLD);
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select from saga_operations where saga = $1 for update', [saga]);
    // the first waits for the row, and has the purge's lock meanwhile
    const first = purgeOperations(pool);
    first.catch(() => {});
    await expect.poll(locks, { timeout: 10_000 }).toBe(1);
    expect(await purgeOperations(pool)).toBe(0);
    await expect(first).rejects.toThrow('lock timeout');
    await client.query('rollback');
    await purgeOperations(pool);
    expect(await known()).not.toContain(saga);
  } finally {
    client.release(true);
  }
});

const locks = async (): Promise<number | undefined> =>
  (
    await pool.query<{ held: number }>(
      `select count(*)::int as held from pg_locks
       where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    )
  ).rows[0]?.held;
