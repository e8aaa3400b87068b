import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OperationList } from '../../../contracts/src/operation.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { decided, get, newSaga, send } from '../../../testing/src/services/saga-client.ts';
import { RACED_SKUS, raceSeals } from '../../../testing/fixtures/sealed-race.ts';
import { withoutAdvisoryLocks } from '../../../testing/fixtures/without-advisory-locks.ts';
import { holdUp, startWarehouse, stockWarehouse, type Warehouse } from '../../../testing/fixtures/warehouse.ts';
import type { Tx } from '../contract.ts';

let database: FreshDatabase;
let here: Warehouse;
let there: Warehouse;

beforeAll(async () => {
  database = await freshDatabase();
  here = await startWarehouse(database.url);
  there = await startWarehouse(database.url);
  await stockWarehouse(here.pool, 'mug', 'cup', ...RACED_SKUS);
});
afterEach(() => {
  delete here.hooks.take;
  delete there.hooks.take;
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

const take = (service: Warehouse, key: string, sku = 'mug') =>
  send(service.url, '/takings', { key, body: { sku, quantity: 1, note: null } });
const seal = (service: Warehouse, saga: string, query = '') =>
  send(service.url, `/saga-operations/seal${query}`, { key: saga });
const keysOf = (json: unknown) => OperationList.parse(json).items.map(({ key }) => key);

it('P10: a seal refuses every new action, repeats the known ones, and lists them in the order of their creation', async () => {
  const saga = newSaga();
  const keys = ['b', 'c', 'a'].map((instance) => `${saga}/takeGoods:${instance}`);
  const answers = [];
  for (const key of keys) answers.push(await take(here, key));
  const first = await seal(there, saga);
  expect(OperationList.parse(first.json)).toMatchObject({ saga, sealed: true, next: null });
  expect(keysOf(first.json)).toEqual(keys);
  expect(first.headers.has('idempotent-replayed')).toBe(false);
  expect((await take(here, `${saga}/takeGoods:d`)).says).toBe('sealed');
  expect((await take(here, `${saga}/takeGoods:b`)).text).toBe(answers[0]?.text);
  const again = await seal(here, saga);
  expect(again.text).toBe(first.text);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
});

it('P10: a seal is recorded first, then waits for the actions in flight', async () => {
  const saga = newSaga();
  const { hook, begun, letGo } = holdUp();
  here.hooks.take = hook;
  const action = take(here, `${saga}/takeGoods`);
  await begun;
  const began = performance.now();
  const early = await seal(there, saga);
  expect([early.status, early.says, early.headers.get('retry-after')]).toEqual([409, 'in-flight', '1']);
  expect(performance.now() - began).toBeLessThan(1_500);
  const late = await take(there, `${saga}/takeGoods:late`);
  expect([late.status, late.says]).toEqual([409, 'sealed']);
  letGo();
  expect((await action).status).toBe(200);
  expect(keysOf((await seal(there, saga)).json)).toEqual([`${saga}/takeGoods`]);
});

it('P10: nothing slips through the seals of 1,000 sagas that race with four actions each', async () => {
  const { done, slipped } = await raceSeals([here, there], 1_000);
  expect(slipped).toEqual([]);
  const { rows } = await here.pool.query(`select count(*)::int as taken from takings where sku like 'raced-%'`);
  expect(rows).toEqual([{ taken: done }]);
  // the race was one: some came before the seal and some after
  expect(done).toBeGreaterThan(200);
  expect(done).toBeLessThan(3_800);
}, 120_000);

it("P10: the race is one that operations slip through when PostgreSQL's advisory locks are of no effect", async () => {
  const unlocked = await freshDatabase();
  await withoutAdvisoryLocks(unlocked.url);
  const services = [await startWarehouse(unlocked.url), await startWarehouse(unlocked.url)] as const;
  await stockWarehouse(services[0].pool, ...RACED_SKUS);
  const { slipped } = await raceSeals(services, 200);
  expect(slipped.length).toBeGreaterThan(0);
  await Promise.all(services.map((service) => service.close()));
  await unlocked.drop();
}, 60_000);

it.each([
  ['of one process', () => here],
  ['of two processes', () => there],
])(
  'P10: the actions of one saga, %s, do not serialise: each waits for the other in its own transaction',
  async (_, other) => {
    const saga = newSaga();
    const inside = new Set<string>();
    const meet = async (tx: Tx, sku: string): Promise<void> => {
      inside.add(sku);
      // the kit ends the transaction of who waits in vain
      while (inside.size < 2) await tx.execute(sql`select pg_sleep(0.02)`);
    };
    here.hooks.take = meet;
    there.hooks.take = meet;
    const answers = await Promise.all([
      take(here, `${saga}/takeGoods:w-1`, 'mug'),
      take(other(), `${saga}/takeGoods:w-2`, 'cup'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  },
);

it('P10: a long list comes in pages, complete and without repeats', async () => {
  const saga = newSaga();
  const keys = Array.from({ length: 401 }, (_, n) => `${saga}/takeGoods:w-${n}`);
  for (let n = 0; n < keys.length; n += 50) {
    const some = keys.slice(n, n + 50);
    await Promise.all(some.map((key) => decided(() => send(here.url, '/saga-operations/settle', { key }))));
  }
  const pages: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null && pages.length < 10) {
    const page = OperationList.parse((await seal(here, saga, cursor && `?cursor=${cursor}`)).json);
    pages.push(page.items.map(({ key }) => key));
    cursor = page.next;
  }
  expect(pages.map(({ length }) => length)).toEqual([200, 200, 1]);
  expect(pages.flat().toSorted()).toEqual(keys.toSorted());
  const people = OperationList.parse((await get(here.url, `/saga-operations?saga=${saga}`)).json);
  expect(people.items).toHaveLength(200);
  const second = await get(here.url, `/saga-operations?saga=${saga}&cursor=${people.next}`);
  expect(keysOf(second.json)).toEqual(pages[1]);
  const wrong = await seal(here, newSaga(), `?cursor=${people.next}`);
  expect([wrong.status, wrong.says]).toEqual([400, 'bad-request']);
});

it('P10: twenty seals at once are one seal', async () => {
  const saga = newSaga();
  await take(here, `${saga}/takeGoods`);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => decided(() => seal(n % 2 ? here : there, saga))),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  const { rows } = await here.pool.query('select from saga_seals where saga = $1', [saga]);
  expect(rows).toHaveLength(1);
});

it('an unsealed saga is listed for people as what it is', async () => {
  const saga = newSaga();
  await take(here, `${saga}/takeGoods`);
  const list = OperationList.parse((await get(here.url, `/saga-operations?saga=${encodeURIComponent(saga)}`)).json);
  expect(list).toMatchObject({ saga, sealed: false, next: null });
  expect((await take(here, `${saga}/takeGoods:b`)).status).toBe(200);
});
