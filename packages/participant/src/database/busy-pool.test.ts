import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { decided, newKey, send } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse, type Warehouse } from '../../../testing/fixtures/warehouse.ts';

let database: FreshDatabase;
/** Has one connection, so that everybody waits for it. */
let narrow: Warehouse;
let sound: Warehouse;
let skus = 0;

beforeAll(async () => {
  database = await freshDatabase();
  sound = await startWarehouse(database.url);
  narrow = await startWarehouse(database.url, { poolSize: 1 });
  await stockWarehouse(sound.pool, ...Array.from({ length: 10 }, (_, n) => `sku-${n}`));
});
afterEach(() => {
  delete narrow.hooks.take;
});
afterAll(async () => {
  await Promise.all([narrow.close(), sound.close()]);
  await database.drop();
});

const take = (service: Warehouse, key: string, sku: string) =>
  send(service.url, '/takings', { key, body: { sku, quantity: 1, note: null } });
const nextSku = () => `sku-${skus++}`;
const pidOf = async (client: Pick<PoolClient, 'query'>): Promise<unknown> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;

it('P7: the time of a transaction counts from its connection: who gets one late is not overdue', async () => {
  const [sku, key] = [nextSku(), newKey()];
  const before = await pidOf(narrow.pool);
  const holder = await narrow.pool.connect();
  narrow.hooks.take = async (tx) => {
    await sleep(700);
    await tx.execute(sql`select 1`);
    await sleep(700);
  };
  const waiting = take(narrow, key, sku);
  await sleep(3_500);
  holder.release();
  expect([(await waiting).status, await stateOf(sound.pool, sku)]).toMatchObject([200, { taken: 1 }]);
  expect(await pidOf(narrow.pool)).toBe(before);
}, 15_000);

it('P7: who gets no connection in time is told 503, has done nothing, and has destroyed nobody’s connection', async () => {
  const [sku, key] = [nextSku(), newKey()];
  const holder = await narrow.pool.connect();
  const before = await pidOf(holder);
  await holder.query('begin');
  const answers = await Promise.all([take(narrow, key, sku), take(narrow, newKey(), sku)]);
  expect(answers.map(({ status, says }) => [status, says])).toEqual([
    [503, 'unavailable'],
    [503, 'unavailable'],
  ]);
  expect([await pidOf(holder), narrow.pool.totalCount, narrow.pool.waitingCount]).toEqual([before, 1, 0]);
  await holder.query('rollback');
  holder.release();
  const again = await take(narrow, key, sku);
  expect([again.status, again.headers.has('idempotent-replayed')]).toEqual([200, false]);
  expect(await pidOf(narrow.pool)).toBe(before);
}, 15_000);

it('P7: a handler that is overdue between two statements costs no connection, and writes nothing afterwards', async () => {
  const [sku, key] = [nextSku(), newKey()];
  const before = await pidOf(narrow.pool);
  let late: unknown;
  narrow.hooks.take = async (tx) => {
    // keeps the transaction from being idle for long, and has nothing in flight when the time is over
    for (let n = 0; n < 7; n++) {
      await sleep(500);
      await tx.execute(sql`select 1`);
    }
    await sleep(1_200);
    late = await tx.execute(sql`update shelf set available = 0 where sku = ${sku}`).then(
      () => 'written',
      (error: unknown) => error,
    );
  };
  const answer = await take(narrow, key, sku);
  expect([answer.status, answer.says]).toEqual([503, 'busy']);
  expect(await pidOf(narrow.pool)).toBe(before);
  await expect.poll(() => late, { timeout: 3_000 }).toBeInstanceOf(Error);
  expect(await stateOf(sound.pool, sku)).toMatchObject({ available: 1000, taken: 0 });
}, 15_000);

it('P7: a handler that goes on after its end cannot write outside of its transaction', async () => {
  const [sku, key] = [nextSku(), newKey()];
  let stray: Promise<unknown> | undefined;
  narrow.hooks.take = async (tx) => {
    stray = sleep(200).then(() => tx.execute(sql`update shelf set available = 0 where sku = ${sku}`));
    stray.catch(() => undefined);
  };
  expect((await take(narrow, key, sku)).status).toBe(200);
  await expect(stray).rejects.toThrow('Failed query');
  expect(await stateOf(sound.pool, sku)).toMatchObject({ available: 999, taken: 1 });
});

it('P7: many at once through one connection all end, and it is still the same one', async () => {
  const sku = nextSku();
  const before = await pidOf(narrow.pool);
  narrow.hooks.take = () => sleep(100);
  const keys = Array.from({ length: 60 }, () => newKey());
  const answers = await Promise.all(keys.map((key) => decided(() => take(narrow, key, sku))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await stateOf(sound.pool, sku)).toMatchObject({ available: 940, taken: 60 });
  expect(await pidOf(narrow.pool)).toBe(before);
}, 30_000);
