import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { Operation } from '../../../contracts/src/operation.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { get, newKey, newSaga, send } from '../../../testing/src/services/saga-client.ts';
import {
  startWarehouse,
  stateOf,
  stockWarehouse,
  warehouse,
  type Warehouse,
} from '../../../testing/fixtures/warehouse.ts';
import type { External, Handlers } from '../contract.ts';
import { participantRoutes } from './routes.ts';
import { parseSagaStarted } from '../operations/saga-started.ts';

const TOKEN = 'a-token-of-the-test';
let database: FreshDatabase;
let service: Warehouse;
let guarded: Warehouse;

beforeAll(async () => {
  database = await freshDatabase();
  service = await startWarehouse(database.url);
  guarded = await startWarehouse(database.url, { token: TOKEN });
  await stockWarehouse(service.pool, 'mug');
});
afterAll(async () => {
  await Promise.all([service.close(), guarded.close()]);
  await database.drop();
});

const body = { sku: 'mug', quantity: 1, note: null };
const postRoutes = ['/takings', '/saga-operations/undo', '/saga-operations/settle', '/saga-operations/seal'];
const keyFor = (path: string) => (path.endsWith('seal') ? newSaga() : newKey());

describe.each(postRoutes)('POST %s', (path) => {
  it('P2: without a key is 400 key-missing', async () => {
    const answer = await send(service.url, path, { body });
    expect([answer.status, answer.says]).toEqual([400, 'key-missing']);
  });

  it.each([
    'nonsense',
    'testSaga:a/b/c',
    'TestSaga:a/step',
    'testSaga:a#b/step',
    'testSaga:../step',
    `testSaga:${'a'.repeat(129)}/step`,
  ])('with the key %s is 400 key-invalid', async (key) => {
    const answer = await send(service.url, path, { key, body });
    expect([answer.status, answer.says]).toEqual([400, 'key-invalid']);
  });

  it('with a body that is not JSON is 400 not-json', async () => {
    const answer = await send(service.url, path, { key: keyFor(path), body: '{"sku":' });
    expect([answer.status, answer.says]).toEqual([400, 'not-json']);
  });

  it('with a body over the limit is 413', async () => {
    const answer = await send(service.url, path, { key: keyFor(path), body: { note: 'x'.repeat(100_001) } });
    expect([answer.status, answer.says]).toEqual([413, 'too-large']);
  });

  it.each([
    [null, 'started-missing'],
    ['yesterday', 'started-invalid'],
    ['2026-02-30T00:00:00Z', 'started-invalid'],
    ['2026-01-01', 'started-invalid'],
  ])('with Saga-Started %s is 400 where the key is absent', async (started, says) => {
    const key = keyFor(path);
    const answer = await send(service.url, path, { key, body, started });
    expect([answer.status, answer.says]).toEqual([400, says]);
    const { rows } = await service.pool.query(
      'select from saga_operations where key = $1 union all select from saga_seals where saga = $1',
      [key],
    );
    expect(rows).toEqual([]);
  });

  it('with a known key needs no Saga-Started', async () => {
    const key = keyFor(path);
    const first = await send(service.url, path, { key, body });
    const again = await send(service.url, path, { key, body, started: null });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('takes its key as a quoted string too', async () => {
    const key = keyFor(path);
    const first = await send(service.url, path, { key, body });
    expect((await send(service.url, path, { key: `"${key}"`, body })).text).toBe(first.text);
  });

  it('asks for the token when the service has one', async () => {
    const key = keyFor(path);
    for (const token of [undefined, 'another-token', `${TOKEN}x`]) {
      const answer = await send(guarded.url, path, { key, body, ...(token !== undefined && { token }) });
      expect([answer.status, answer.says]).toEqual([401, 'unauthorized']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect((await send(guarded.url, path, { key, body, token: TOKEN })).status).toBe(200);
  });

  it('exists for no other method', async () => {
    const answer = await fetch(service.url + path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

it.each([
  ['an input of another form', { sku: 'mug', quantity: 0 }, 422, 'invalid'],
  ['no input', undefined, 400, 'not-json'],
  ['a number beyond all bounds', '{"sku":"mug","quantity":1,"note":1e999}', 400, 'bad-request'],
  [
    'an input nested too deep',
    `{"sku":"mug","quantity":1,"note":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    400,
    'bad-request',
  ],
])('%s has no effect and records nothing', async (_, input, status, says) => {
  const key = newKey();
  const before = await stateOf(service.pool, 'mug');
  const answer = await send(service.url, '/takings', { key, body: input });
  expect([answer.status, answer.says]).toEqual([status, says]);
  expect(await stateOf(service.pool, 'mug')).toEqual(before);
  expect((await send(service.url, '/takings', { key, body })).status).toBe(200);
});

it('names what is wrong with an input by its path', async () => {
  const answer = await send(service.url, '/takings', { key: newKey(), body: { sku: 'mug', quantity: 1.5, note: 0 } });
  expect(answer.json).toMatchObject({ errors: [{ path: 'quantity' }] });
});

it('fills the input from the path, and refuses a path that says something else', async () => {
  const taken = await send(service.url, '/takings', { key: newKey(), body });
  const { takingId } = taken.json as { takingId: string };
  const key = newKey('sendParcel');
  const other = await send(service.url, '/takings/t-9/send', { key, body: { takingId } });
  expect([other.status, other.says]).toEqual([422, 'invalid']);
  const first = await send(service.url, `/takings/${takingId}/send`, { key, body: {} });
  expect(first.json).toEqual({ sent: true });
  expect((await send(service.url, `/takings/${takingId}/send`, { key, body: { takingId } })).text).toBe(first.text);
  expect((await send(service.url, '/takings/t-9/send', { key, body: {} })).says).toBe('key-mismatch');
});

describe('for people', () => {
  it('GET answers one operation by its key, encoded or not, and the list of a saga', async () => {
    const key = newKey();
    await send(service.url, '/takings', { key, body });
    for (const path of [key, encodeURIComponent(key)]) {
      const answer = await get(service.url, `/saga-operations/${path}`);
      expect(answer.status).toBe(200);
      expect(Operation.parse(answer.json)).toMatchObject({ key, state: 'done', action: 'take', answer: null });
    }
  });

  it.each([
    ['/saga-operations', 422, 'invalid'],
    ['/saga-operations?saga=testSaga:nobody', 200, undefined],
    ['/saga-operations?saga=testSaga:nobody&cursor=nonsense', 400, 'bad-request'],
    ['/saga-operations?saga=testSaga:nobody&cursor=', 200, undefined],
    ['/saga-operations?saga=', 400, 'key-invalid'],
    ['/saga-operations?saga=nonsense', 400, 'key-invalid'],
    ['/saga-operations?saga=%zz', 400, 'bad-request'],
    ['/saga-operations/testSaga:nobody/step', 404, 'not-found'],
    ['/saga-operations/testSaga:nobody/Step', 400, 'key-invalid'],
    ['/saga-operations/undo', 405, 'method-not-allowed'],
    ['/saga-operations/nobody', 404, 'not-found'],
  ])('GET %s answers %i', async (path, status, says) => {
    const answer = await get(service.url, path);
    expect([answer.status, answer.says]).toEqual([status, says]);
  });

  it('asks for the token too', async () => {
    expect((await get(guarded.url, '/saga-operations?saga=testSaga:nobody')).status).toBe(401);
  });
});

it('an empty database answers later, not never', async () => {
  const away = await startWarehouse('postgres://nobody@127.0.0.1:1/nothing');
  try {
    const answer = await send(away.url, '/takings', { key: newKey(), body });
    expect([answer.status, answer.says, answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
  } finally {
    await away.close();
  }
});

it('Saga-Started is RFC 3339', () => {
  expect(parseSagaStarted('2026-01-31T08:26:00.123456Z')).toBe(Date.parse('2026-01-31T08:26:00.123Z'));
  expect(parseSagaStarted('2024-02-29t08:26:00+02:00')).toBe(Date.parse('2024-02-29T06:26:00Z'));
  for (const wrong of [
    '2025-02-29T00:00:00Z',
    '2026-01-31 08:26:00Z',
    '2026-01-31T08:26:00',
    '1767225600',
    '2026-01-31T25:00:00Z',
  ]) {
    expect(parseSagaStarted(wrong)).toBe('started-invalid');
  }
});

it('an action without handler is noticed at the start', () => {
  const handlers = {} as Handlers<typeof warehouse>;
  const options = { contract: warehouse, pool: service.pool, handlers, log: undefined as never };
  expect(() => participantRoutes(new Hono(), options)).toThrow('the action take has no handler');
});

it('handlers are typed by the contract', () => {
  type Given = Handlers<typeof warehouse>;
  type Plain<T> = Extract<T, (...args: never[]) => unknown>;
  type Taking = { sku: string; quantity: number; note: unknown };
  expectTypeOf<Parameters<Plain<Given['take']['do']>>[1]>().toEqualTypeOf<Taking>();
  expectTypeOf<ReturnType<Plain<Given['send']['do']>>>().resolves.toEqualTypeOf<{ sent: boolean }>();
  expectTypeOf<Parameters<Plain<Given['take']['undo']>>[1]['answer']>().toEqualTypeOf<{
    takingId: string;
    note: unknown;
  }>();
  // and so are those outside the database
  expectTypeOf<External<Taking, { takingId: string; note: unknown }, 'out-of-stock'>>().toExtend<Given['take']['do']>();
  expectTypeOf<External<Taking, { takingId: number }, 'out-of-stock'>>().not.toExtend<Given['take']['do']>();
  expectTypeOf<Given['send']['undo']>().toEqualTypeOf<undefined>();
  // @ts-expect-error -- the contract names an undo
  expectTypeOf<Given['take']>().toExtend<Omit<Given['take'], 'undo'> & { undo?: never }>();
});
