import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { newSaga, send } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse, type Warehouse } from '../../../testing/fixtures/warehouse.ts';
import { createLog } from '../../../runtime/src/log.ts';
import { createPool } from '../database/postgres.ts';
import { migrateParticipant } from '../database/migrate.ts';
import { PURGE_LIMIT_DAYS } from '../../../contracts/src/protocol/keeping.ts';
import { purgeOperations } from './purge.ts';

let database: FreshDatabase;
let service: Warehouse;

beforeAll(async () => {
  database = await freshDatabase();
  service = await startWarehouse(database.url);
  await stockWarehouse(service.pool, 'mug');
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

const DAY_MS = 86_400_000;
const old = new Date(Date.now() - PURGE_LIMIT_DAYS * DAY_MS - 60_000).toISOString();
const young = new Date(Date.now() - PURGE_LIMIT_DAYS * DAY_MS + 60_000).toISOString();
const body = { sku: 'mug', quantity: 1, note: null };

const askAll = (saga: string, started: string) =>
  Promise.all([
    send(service.url, '/takings', { key: `${saga}/takeGoods:a`, body, started }),
    send(service.url, '/saga-operations/undo', { key: `${saga}/takeGoods:b`, started }),
    send(service.url, '/saga-operations/settle', { key: `${saga}/takeGoods:c`, started }),
  ]);

it('P11: an unknown key of an older saga is 410 expired to whatever is asked, and nothing is recorded', async () => {
  const before = await stateOf(service.pool, 'mug');
  const saga = newSaga();
  const answers = await askAll(saga, old);
  answers.push(await send(service.url, '/saga-operations/seal', { key: saga, started: old }));
  expect(answers.map(({ status, says }) => [status, says])).toEqual(answers.map(() => [410, 'expired']));
  const { rows } = await service.pool.query(
    'select saga from saga_operations where saga = $1 union all select saga from saga_seals where saga = $1',
    [saga],
  );
  expect(rows).toEqual([]);
  expect(await stateOf(service.pool, 'mug')).toEqual(before);
});

it('P11: a saga within the limit is served', async () => {
  const saga = newSaga();
  const answers = await askAll(saga, young);
  answers.push(await send(service.url, '/saga-operations/seal', { key: saga, started: young }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

it('P11: a purge forgets old sagas as a whole, and what is asked of them then is 410; a known key is answered until then', async () => {
  const [gone, kept] = [newSaga(), newSaga()];
  for (const saga of [gone, kept]) {
    await askAll(saga, young);
    await send(service.url, '/saga-operations/seal', { key: saga, started: young });
  }
  // time passes for one of them
  for (const table of ['saga_operations', 'saga_seals']) {
    await service.pool.query(`update ${table} set saga_started_at = $2 where saga = $1`, [gone, old]);
  }
  const done = await send(service.url, '/takings', { key: `${gone}/takeGoods:a`, body, started: old });
  expect(done.status).toBe(200);
  const sealed = await send(service.url, '/saga-operations/seal', { key: gone, started: old });
  expect((sealed.json as { items: unknown[] }).items).toHaveLength(3);

  expect(await purgeOperations(service.pool)).toBe(1);
  expect(await purgeOperations(service.pool)).toBe(0);
  const answers = await askAll(gone, old);
  answers.push(await send(service.url, '/saga-operations/seal', { key: gone, started: old }));
  expect(answers.map(({ says }) => says)).toEqual(answers.map(() => 'expired'));
  const still = await send(service.url, '/saga-operations/seal', { key: kept, started: young });
  expect((still.json as { items: unknown[] }).items).toHaveLength(3);
});

it('P11: an undo that waits for a purge is told 410, never success', async () => {
  const key = `${newSaga()}/takeGoods`;
  await send(service.url, '/takings', { key, body });
  const purge = await service.pool.connect();
  try {
    await purge.query('begin');
    await purge.query('delete from saga_operations where key = $1', [key]);
    // within the limit when it is sent, past it when the purge is over
    const started = new Date(Date.now() - PURGE_LIMIT_DAYS * DAY_MS + 250).toISOString();
    const undone = send(service.url, '/saga-operations/undo', { key, started });
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    await purge.query('commit');
    expect((await undone).says).toBe('expired');
  } finally {
    purge.release();
  }
});

it('the tables are made once, however many processes start at once', async () => {
  const empty = await freshDatabase();
  const pool = createPool(empty.url, createLog('test', 'silent'));
  await Promise.all(Array.from({ length: 8 }, () => migrateParticipant(pool)));
  const { rows } = await pool.query(`select tablename as name from pg_tables where schemaname = 'public' order by 1`);
  expect(rows).toEqual([{ name: 'saga_operations' }, { name: 'saga_seals' }]);
  await pool.end();
  await empty.drop();
});
