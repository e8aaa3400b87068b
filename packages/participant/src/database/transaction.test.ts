import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { startPostgresProxy, type PostgresProxy } from '../../../testing/fixtures/postgres-proxy.ts';
import { newKey, send } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse, type Warehouse } from '../../../testing/fixtures/warehouse.ts';

let database: FreshDatabase;
let proxy: PostgresProxy;
/** Its database connections can be cut and slowed. */
let frail: Warehouse;
let sound: Warehouse;
let skus = 0;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await startPostgresProxy(database.url);
  sound = await startWarehouse(database.url);
  frail = await startWarehouse(proxy.url, { poolSize: 1 });
  await stockWarehouse(sound.pool, ...Array.from({ length: 40 }, (_, n) => `sku-${n}`));
});
afterEach(() => {
  delete frail.hooks.take;
  delete frail.hooks.undo;
  proxy.allow(Number.POSITIVE_INFINITY);
});
afterAll(async () => {
  await Promise.all([frail.close(), sound.close()]);
  await proxy.close();
  await database.drop();
});

const take = (service: Warehouse, key: string, sku: string) =>
  send(service.url, '/takings', { key, body: { sku, quantity: 1, note: null } });
const undo = (service: Warehouse, key: string) => send(service.url, '/saga-operations/undo', { key });
const settle = (service: Warehouse, key: string) => send(service.url, '/saga-operations/settle', { key });
const nextSku = () => `sku-${skus++}`;
/** Opens the one connection, so that bursts count from the request's first. */
const warm = () => frail.pool.query('select 1');

// begin+claim, the handler's two statements, record+commit
const DO_BURSTS = [0, 1, 2, 3] as const;
// begin+claim, the handler's three statements, record+commit
const UNDO_BURSTS = [0, 1, 2, 3, 4] as const;

describe.each(['early', 'late'] as const)('P7: a connection that breaks (%s)', (when) => {
  it.each(DO_BURSTS)('at round trip %i of an action leaves both record and effect, or neither', async (burst) => {
    const [sku, key] = [nextSku(), newKey()];
    await warm();
    proxy.cut(burst, when);
    const cut = await take(frail, key, sku);
    expect([cut.status, cut.says]).toEqual([503, 'unavailable']);
    const committed = burst === DO_BURSTS.at(-1) && when === 'late';
    const again = await take(sound, key, sku);
    expect([again.status, again.headers.has('idempotent-replayed')]).toEqual([200, committed]);
    expect(await stateOf(sound.pool, sku)).toMatchObject({ available: 999, taken: 1 });
    // and the process that lost its connection goes on
    expect((await take(frail, key, sku)).text).toBe(again.text);
  });

  it.each(UNDO_BURSTS)('at round trip %i of an undo leaves both record and effect, or neither', async (burst) => {
    const [sku, key] = [nextSku(), newKey()];
    await take(frail, key, sku);
    await warm();
    proxy.cut(burst, when);
    expect((await undo(frail, key)).says).toBe('unavailable');
    const committed = burst === UNDO_BURSTS.at(-1) && when === 'late';
    expect((await settle(sound, key)).says).toBe(committed ? 'undone' : 'done');
    expect((await undo(frail, key)).says).toBe('undone');
    expect(await stateOf(sound.pool, sku)).toEqual({ available: 1000, taken: 0, back: 1, puttings: 1 });
  });
});

it('P7: a backend ended in the middle of a handler leaves nothing, and the process lives', async () => {
  const [sku, key] = [nextSku(), newKey()];
  frail.hooks.take = async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await sound.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    // it is noticed while nothing is asked of the connection
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  };
  expect((await take(frail, key, sku)).says).toBe('unavailable');
  expect(await stateOf(sound.pool, sku)).toMatchObject({ available: 1000, taken: 0 });
  delete frail.hooks.take;
  expect((await take(frail, key, sku)).status).toBe(200);
});

it('P7: a COMMIT that the database answers with an error is no success', async () => {
  await sound.pool.query(`
    create table promises (id int primary key, kept int references promises (id) deferrable initially deferred)`);
  const [sku, key] = [nextSku(), newKey()];
  frail.hooks.take = async (tx) => {
    await tx.execute(sql`insert into promises values (1, 2)`);
  };
  expect((await take(frail, key, sku)).status).toBe(500);
  expect(await stateOf(sound.pool, sku)).toMatchObject({ available: 1000, taken: 0 });
});

// what is sent after so many round trips is held: who waited for it would never answer
const within = async (trips: number, ask: () => Promise<{ status: number }>): Promise<number> => {
  await warm();
  proxy.allow(trips);
  const began = performance.now();
  const { status } = await ask();
  proxy.allow(Number.POSITIVE_INFINITY);
  // later, PostgreSQL has ended what was held (idle in transaction)
  return performance.now() - began < 1_400 ? status : Number.NaN;
};

it('the kit costs two awaited round trips beyond the handler, and one for a repeat', async () => {
  const [sku, key] = [nextSku(), newKey()];
  expect(await within(2 + 2, () => take(frail, key, sku))).toBe(200);
  expect(await within(1, () => take(frail, key, sku))).toBe(200);
  expect(await within(1, () => settle(frail, key))).toBe(200);
  expect(await within(2 + 3, () => undo(frail, key))).toBe(200);
  expect(await within(1, () => undo(frail, key))).toBe(200);
  expect(await within(2, () => undo(frail, newKey()))).toBe(200);
  expect(await within(2, () => settle(frail, newKey()))).toBe(200);
  // a refusal too: the handler has written something by then, which is taken back with the record
  const refused = newKey();
  const tooMany = () => send(frail.url, '/takings', { key: refused, body: { sku, quantity: 9_999, note: null } });
  expect(await within(2 + 2, tooMany)).toBe(409);
  expect(await within(1, tooMany)).toBe(409);
});
