import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../../runtime/src/http/json.ts';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { newKey, newSaga, send } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stockWarehouse, type Warehouse } from '../../../testing/fixtures/warehouse.ts';

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

/** A body of so many levels. */
const deep = (levels: number, open = '[', close = ']') =>
  `{"sku":"mug","quantity":1,"note":${open.repeat(levels - 1)}${open === '[' ? '' : '1'}${close.repeat(levels - 1)}}`;
const LEVELS = [MAX_DEPTH + 1, 1_000, 3_500, 5_000, 7_000, 9_000, 40_000];

it.each(LEVELS)('a body %i levels deep is refused, whatever is asked, and nothing has happened', async (levels) => {
  const saga = newSaga();
  const key = `${saga}/takeGoods`;
  const ask = (path: string, of: string, body: string) => send(service.url, path, { key: of, body });
  for (const body of [deep(levels), deep(Math.min(levels, 15_000), '{"a":', '}')]) {
    const answers = [
      await ask('/takings', key, body),
      await ask('/takings/t-1/send', `${saga}/sendGoods`, body),
      await ask('/saga-operations/undo', key, body),
      await ask('/saga-operations/settle', key, body),
      await ask('/saga-operations/seal', saga, body),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.says]).toEqual([400, 'bad-request']);
      expect(answer.text).toContain('levels deep');
    }
  }
  const known = await service.pool.query('select from saga_operations where saga = $1', [saga]);
  expect(known.rowCount).toBe(0);
});

it('a body as deep as it may be is taken, answered, and undone', async () => {
  const key = newKey();
  const taken = await send(service.url, '/takings', { key, body: deep(MAX_DEPTH) });
  expect(taken.status).toBe(200);
  expect((await send(service.url, '/takings', { key, body: deep(MAX_DEPTH) })).text).toBe(taken.text);
  expect((await send(service.url, '/saga-operations/undo', { key, body: deep(MAX_DEPTH) })).status).toBe(200);
});

it('brackets in strings are no levels', async () => {
  const note = `${'['.repeat(500)}\\"{\\`;
  expect((await send(service.url, '/takings', { key: newKey(), body: { sku: 'mug', quantity: 1, note } })).status).toBe(
    200,
  );
});
