import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../testing/src/servers/database.ts';
import { decided, newKey, send } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse, type Warehouse } from '../../../testing/fixtures/warehouse.ts';
import { refuse } from '../refusal.ts';

let database: FreshDatabase;
let here: Warehouse;
let there: Warehouse;

beforeAll(async () => {
  database = await freshDatabase();
  here = await startWarehouse(database.url);
  there = await startWarehouse(database.url);
  await stockWarehouse(here.pool, ...Array.from({ length: 12 }, (_, n) => `sku-${n}`));
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

const take = (service: Warehouse, key: string, sku: string) =>
  send(service.url, '/takings', { key, body: { sku, quantity: 1, note: null } });
const undo = (service: Warehouse, key: string, body?: unknown) =>
  send(service.url, '/saga-operations/undo', { key, ...(body !== undefined && { body }) });
const settle = (service: Warehouse, key: string) => send(service.url, '/saga-operations/settle', { key });

it('P3, P4: an undo that comes before its action is a success, and the late action is refused for good', async () => {
  const key = newKey();
  const first = await undo(here, key);
  expect(first.json).toMatchObject({
    key,
    step: 'takeGoods',
    instance: null,
    action: null,
    state: 'blocked',
    answer: null,
  });
  for (const service of [there, here]) {
    expect((await undo(service, key)).text).toBe(first.text);
    const late = await take(service, key, 'sku-0');
    expect([late.status, late.says]).toEqual([409, 'blocked']);
  }
  expect(await stateOf(here.pool, 'sku-0')).toEqual({ available: 1000, taken: 0, back: 0, puttings: 0 });
});

it('P3: an undo of a refused action has nothing to undo, and the refusal is still repeated', async () => {
  const key = newKey();
  const body = { sku: 'sku-1', quantity: 5_000, note: null };
  const refused = await send(here.url, '/takings', { key, body });
  expect((await undo(here, key)).json).toMatchObject({ state: 'refused', answer: null });
  expect((await send(here.url, '/takings', { key, body })).text).toBe(refused.text);
});

it('P5, P9: an undo needs nothing but the key, and twenty at once undo once with one answer', async () => {
  const key = newKey();
  await take(here, key, 'sku-2');
  for (const { hooks } of [here, there]) hooks.undo = () => sleep(100);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => decided(() => undo(n % 2 ? here : there, key))),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.json).toMatchObject({ state: 'undone', action: 'take' });
  expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(19);
  expect(await stateOf(here.pool, 'sku-2')).toEqual({ available: 1000, taken: 0, back: 1, puttings: 1 });
  expect((await undo(there, key)).text).toBe(answers[0]?.text);
  expect((await take(here, key, 'sku-2')).says).toBe('undone');
});

it('an undo gets what the action kept, and what an operator corrected; its body does not count for repeats', async () => {
  const key = newKey();
  const { json } = await take(here, key, 'sku-3');
  const { takingId } = json as { takingId: string };
  const seen: unknown[] = [];
  here.hooks.undo = async (_, { memo, correction }) => {
    seen.push({ memo, correction });
  };
  const first = await undo(here, key, { quantity: 2 });
  expect((await undo(here, key, { quantity: 3 })).text).toBe(first.text);
  expect(seen).toEqual([{ memo: { secret: takingId }, correction: { quantity: 2 } }]);
  expect(first.text).not.toContain('secret');
});

it('an undo that says no, or fails, leaves everything as it was', async () => {
  const key = newKey();
  const taken = await take(here, key, 'sku-4');
  here.hooks.undo = () => Promise.reject(refuse('parcel-has-left', 'too late'));
  const no = await undo(here, key);
  expect([no.status, no.says]).toEqual([409, 'undo-refused:parcel-has-left']);
  here.hooks.undo = () => Promise.reject(new Error('a bug'));
  expect((await undo(here, key)).status).toBe(500);
  expect(await stateOf(here.pool, 'sku-4')).toEqual({ available: 999, taken: 1, back: 0, puttings: 0 });
  expect((await take(here, key, 'sku-4')).text).toBe(taken.text);
  delete here.hooks.undo;
  expect((await undo(here, key)).says).toBe('undone');
});

it('P4, P7: undos that race with their actions leave no goods taken', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const key = newKey();
      const action = decided(() => take(here, key, 'sku-5'));
      await sleep(n % 10);
      const undone = await decided(() => undo(n % 2 ? here : there, key));
      return { undone: undone.says, action: await action };
    }),
  );
  const legal = ['undone, action 200', 'undone, action 409 undone', 'blocked, action 409 blocked'];
  for (const { undone, action } of outcomes) {
    expect(legal).toContain(`${undone}, action ${[action.status, action.says].join(' ').trim()}`);
  }
  expect(await stateOf(here.pool, 'sku-5')).toMatchObject({ available: 1000, taken: 0 });
});

it('a frozen process keeps its key for a bounded time only', async () => {
  const key = newKey();
  here.hooks.take = () => sleep(4_000);
  const frozen = take(here, key, 'sku-6');
  await sleep(100);
  const began = performance.now();
  const answer = await decided(() => undo(there, key));
  expect(answer.says).toBe('blocked');
  expect(performance.now() - began).toBeLessThan(3_800);
  expect((await frozen).status).toBe(503);
  expect(await stateOf(here.pool, 'sku-6')).toMatchObject({ available: 1000, taken: 0 });
}, 15_000);

it('P6: settle tells what is stored, or blocks the key for ever and says so', async () => {
  const key = newKey();
  const { json } = await take(here, key, 'sku-7');
  const done = await settle(there, key);
  expect(done.json).toMatchObject({ state: 'done', answer: { status: 200, body: json } });
  expect((await settle(here, key)).text).toBe(done.text);
  await undo(here, key);
  expect((await settle(here, key)).json).toMatchObject({ state: 'undone', answer: null });

  const absent = newKey();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => decided(() => settle(n % 2 ? here : there, absent))),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.json).toMatchObject({ state: 'blocked', answer: null });
  expect((await take(here, absent, 'sku-7')).says).toBe('blocked');
});

it('P4, P6: settle that races with its action is right about it', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const key = newKey();
      const action = decided(() => take(here, key, 'sku-8'));
      await sleep(n % 10);
      const settled = await decided(() => settle(n % 2 ? here : there, key));
      return { settled: settled.says, action: await action };
    }),
  );
  for (const { settled, action } of outcomes) {
    expect([settled, action.status]).toEqual(settled === 'done' ? ['done', 200] : ['blocked', 409]);
  }
  const taken = outcomes.filter(({ action }) => action.status === 200).length;
  expect((await stateOf(here.pool, 'sku-8'))?.taken).toBe(taken);
});
