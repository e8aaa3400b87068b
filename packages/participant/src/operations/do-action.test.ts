import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { decided, newKey, send } from '../../../testing/src/services/saga-client.ts';
import {
  holdUp,
  startWarehouse,
  stateOf,
  stockWarehouse,
  type Warehouse,
} from '../../../testing/fixtures/warehouse.ts';
import { refuse } from '../refusal.ts';

let database: FreshDatabase;
/** Two processes of the same service. */
let here: Warehouse;
let there: Warehouse;
const skus = Array.from({ length: 20 }, (_, n) => `sku-${n}`);

beforeAll(async () => {
  database = await freshDatabase();
  here = await startWarehouse(database.url);
  there = await startWarehouse(database.url);
  await stockWarehouse(here.pool, ...skus);
});
afterEach(() => {
  for (const { hooks } of [here, there]) {
    delete hooks.take;
    delete hooks.undo;
  }
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

const taking = (sku: string, note: unknown = null, quantity = 1) => ({ sku, quantity, note });
const take = (service: Warehouse, key: string, body: unknown) => send(service.url, '/takings', { key, body });

it('P1: a repeat has one effect and the first answer, byte for byte', async () => {
  const key = newKey();
  // jsonb would reorder these members, and a parser round 1e2
  const body = '{"sku":"sku-0","quantity":1,"note":{"zz":1,"a":[1e2,"\\u0000ü"],"bb":{"y":1,"x":2}}}';
  const first = await take(here, key, body);
  expect(first.text).toMatch(/^{"takingId":"[^"]+","note":{"zz":1,"a":\[100,"\\u0000ü"\],"bb":{"y":1,"x":2}}}$/);
  expect(first.headers.has('idempotent-replayed')).toBe(false);
  for (const service of [here, there]) {
    const again = await take(service, key, body);
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  }
  expect(await stateOf(here.pool, 'sku-0')).toMatchObject({ available: 999, taken: 1 });
});

it('P1: the same JSON value is the same body, however it is written', async () => {
  const key = newKey();
  const first = await take(here, key, '{"sku":"sku-1","quantity":1,"note":{"a":1,"b":2}}');
  const again = await take(here, key, ' { "note" : {"b":2.0,"a":1}, "quantity":1e0, "sku":"sku\\u002d1" } ');
  expect(again.text).toBe(first.text);
});

it('P2: the same key with another body, or for another action, changes nothing', async () => {
  const key = newKey();
  const { json } = await take(here, key, taking('sku-2'));
  const other = await take(here, key, taking('sku-2', 'another'));
  expect([other.status, other.says]).toEqual([422, 'key-mismatch']);
  const { takingId } = json as { takingId: string };
  const action = await send(here.url, `/takings/${takingId}/send`, { key, body: { takingId } });
  expect([action.status, action.says]).toEqual([422, 'key-mismatch']);
  expect(await stateOf(here.pool, 'sku-2')).toMatchObject({ available: 999, taken: 1 });
});

it.each([
  ['in one process', () => here],
  ['in two processes', () => there],
])('P1, P7: twenty at once %s have one effect and one answer', async (_, other) => {
  const sku = other() === here ? 'sku-3' : 'sku-4';
  const key = newKey();
  for (const { hooks } of [here, there]) hooks.take = () => sleep(100);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (__, n) => decided(() => take(n % 2 === 0 ? here : other(), key, taking(sku)))),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(19);
  expect(await stateOf(here.pool, sku)).toMatchObject({ available: 999, taken: 1 });
});

it('P2: in flight, a repeat waits 500 ms and is told to come again', async () => {
  const key = newKey();
  const { hook, begun, letGo } = holdUp();
  here.hooks.take = hook;
  const first = take(here, key, taking('sku-5'));
  await begun;
  const asked = [here, there].flatMap(({ url }) =>
    ['/takings', '/saga-operations/undo', '/saga-operations/settle'].map(async (path) => {
      const began = performance.now();
      const answer = await send(url, path, { key, ...(path === '/takings' && { body: taking('sku-5') }) });
      return { answer, waited: performance.now() - began };
    }),
  );
  for (const { answer, waited } of await Promise.all(asked)) {
    expect([answer.status, answer.says, answer.headers.get('retry-after')]).toEqual([409, 'in-flight', '1']);
    expect(waited).toBeGreaterThan(450);
    expect(waited).toBeLessThan(1_500);
  }
  letGo();
  expect((await first).status).toBe(200);
});

it('P2: repeats that wait leave the connections to others', async () => {
  const small = await startWarehouse(database.url, { poolSize: 2 });
  try {
    const key = newKey();
    const { hook, begun, letGo } = holdUp();
    small.hooks.take = (tx, sku) => (sku === 'sku-6' ? hook(tx) : Promise.resolve());
    const first = take(small, key, taking('sku-6'));
    await begun;
    const repeats = Array.from({ length: 20 }, () => take(small, key, taking('sku-6')));
    // while they wait, and before the first is let go
    expect((await take(small, newKey(), taking('sku-7'))).status).toBe(200);
    expect(small.pool.totalCount).toBe(2);
    expect(small.pool.waitingCount).toBe(0);
    letGo();
    const { text } = await first;
    for (const repeat of await Promise.all(repeats)) expect([text, 'in-flight']).toContain(repeat.says ?? repeat.text);
  } finally {
    await small.close();
  }
});

it('P7: the handler fails: nothing is there, and the next attempt does it', async () => {
  const key = newKey();
  here.hooks.take = () => Promise.reject(new Error('a bug'));
  const failed = await take(here, key, taking('sku-8'));
  expect([failed.status, failed.says]).toEqual([500, 'internal']);
  expect(await stateOf(here.pool, 'sku-8')).toMatchObject({ available: 1000, taken: 0 });
  delete here.hooks.take;
  expect((await take(here, key, taking('sku-8'))).status).toBe(200);
});

it('P7: a handler that swallows a database error cannot commit half of what it did', async () => {
  const key = newKey();
  here.hooks.take = (tx) => tx.execute(sql`select 1 / 0`).then(undefined, () => undefined) as Promise<void>;
  expect((await take(here, key, taking('sku-8', 'swallowed'))).status).toBe(500);
  here.hooks.take = async (tx) => {
    await tx.execute(sql`commit`);
  };
  expect((await take(here, newKey(), taking('sku-19'))).status).toBe(500);
});

it('P7: a transaction inside a handler is a savepoint', async () => {
  const key = newKey();
  here.hooks.take = async (tx) => {
    await tx.transaction((inner) => inner.execute(sql`update shelf set available = 0 where sku = 'sku-9'`));
    throw new Error('after it');
  };
  expect((await take(here, key, taking('sku-9'))).status).toBe(500);
  expect(await stateOf(here.pool, 'sku-9')).toMatchObject({ available: 1000, taken: 0 });
});

it('P7: a service that breaks its contract has no effect', async () => {
  const key = newKey();
  here.hooks.take = () => Promise.reject(refuse('no-such-code', 'the contract does not know it'));
  expect((await take(here, key, taking('sku-9'))).status).toBe(500);
  expect(await stateOf(here.pool, 'sku-9')).toMatchObject({ available: 1000, taken: 0 });
});

it('P8: after a refusal provoked by a broken constraint the refusal is stored', async () => {
  const key = newKey();
  here.hooks.take = async (tx) => {
    try {
      await tx.execute(sql`update shelf set available = -1 where sku = 'sku-10'`);
    } catch (error) {
      throw refuse('out-of-stock', 'the constraint says so', error);
    }
  };
  for (const service of [here, there]) {
    expect((await take(service, key, taking('sku-10'))).says).toBe('refused:out-of-stock');
  }
  expect(await stateOf(here.pool, 'sku-10')).toMatchObject({ available: 1000, taken: 0 });
});

it('a row that somebody else holds is 503 busy in bounded time, and nothing has happened', async () => {
  const client = await there.pool.connect();
  try {
    await client.query(`begin; select from shelf where sku = 'sku-11' for update`);
    const key = newKey();
    const began = performance.now();
    const busy = await take(here, key, taking('sku-11'));
    expect([busy.status, busy.says, busy.headers.get('retry-after')]).toEqual([503, 'busy', '1']);
    expect(performance.now() - began).toBeLessThan(4_000);
    await client.query('rollback');
    expect((await take(here, key, taking('sku-11'))).headers.has('idempotent-replayed')).toBe(false);
    expect(await stateOf(here.pool, 'sku-11')).toMatchObject({ available: 999, taken: 1 });
  } finally {
    client.release(true);
  }
});

it('a statement without end is cut, and so is a handler without end', async () => {
  here.hooks.take = async (tx) => {
    await tx.execute(sql`select pg_sleep(30)`);
  };
  there.hooks.take = async (tx) => {
    for (let n = 0; n < 100; n++) await tx.execute(sql`select pg_sleep(0.2)`);
  };
  const began = performance.now();
  const answers = await Promise.all([here, there].map((service) => take(service, newKey(), taking('sku-12'))));
  expect(answers.map(({ status, says }) => [status, says])).toEqual([
    [503, 'busy'],
    [503, 'busy'],
  ]);
  expect(performance.now() - began).toBeLessThan(6_000);
  await sleep(300);
  expect(await stateOf(here.pool, 'sku-12')).toMatchObject({ available: 1000, taken: 0 });
});

it.each(['40001', '40P01'])('a conflict %s is retried inside', async (code) => {
  const key = newKey();
  let tries = 0;
  here.hooks.take = async (tx) => {
    tries += 1;
    if (tries < 4) await tx.execute(sql.raw(`do $$ begin raise exception using errcode = '${code}'; end $$`));
  };
  expect((await take(here, key, taking('sku-13'))).status).toBe(200);
  expect(tries).toBe(4);
  expect((await stateOf(here.pool, 'sku-13'))?.taken).toBe(code === '40001' ? 1 : 2);
});

it('a real deadlock of two actions ends in both being done', async () => {
  const keys = [newKey(), newKey()] as const;
  const other: Record<string, string> = { 'sku-14': 'sku-15', 'sku-15': 'sku-14' };
  for (const service of [here, there]) {
    service.hooks.take = async (tx, sku) => {
      await sleep(100);
      await tx.execute(sql`update shelf set available = available - 1 where sku = ${other[sku]}`);
    };
  }
  const answers = await Promise.all([
    decided(() => take(here, keys[0], taking('sku-14'))),
    decided(() => take(there, keys[1], taking('sku-15'))),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await stateOf(here.pool, 'sku-14')).toMatchObject({ available: 998 });
  expect(await stateOf(here.pool, 'sku-15')).toMatchObject({ available: 998 });
}, 15_000);

it('P4: a caller that hangs up does not stop the action, and its repeat is told the answer', async () => {
  const key = newKey();
  here.hooks.take = () => sleep(300);
  const abort = new AbortController();
  const first = send(here.url, '/takings', { key, body: taking('sku-16'), signal: abort.signal });
  await sleep(100);
  abort.abort();
  await expect(first).rejects.toThrow('aborted');
  const again = await decided(() => take(there, key, taking('sku-16')));
  expect(again.status).toBe(200);
  expect(await stateOf(here.pool, 'sku-16')).toMatchObject({ available: 999, taken: 1 });
});
