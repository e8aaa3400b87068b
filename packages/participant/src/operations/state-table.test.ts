import { afterAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../testing/src/servers/database.ts';
import { answerIn, readStateTable, requestsAt, waysInto } from '../../../testing/fixtures/state-table.ts';
import { newKey, send, type Answered } from '../../../testing/src/services/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse } from '../../../testing/fixtures/warehouse.ts';

// The state table of docs/participants.md, cell by cell.

const database = await freshDatabase();
const service = await startWarehouse(database.url);
await stockWarehouse(service.pool, 'mug');
afterAll(async () => {
  await service.close();
  await database.drop();
});

const mugs = { sku: 'mug', quantity: 1, note: null };
const others = { sku: 'mug', quantity: 2, note: null };
const tooMany = { sku: 'mug', quantity: 1_000_000, note: null };

const ask = requestsAt(service.url, { action: '/takings', same: mugs, other: others });
const act = ask['do, same body'];

const states = {
  ...waysInto(ask),
  refused: async (key: string) => {
    await service.pool.query(`update shelf set available = 0 where sku = 'mug'`);
    await act(key);
    await service.pool.query(`update shelf set available = 1000 where sku = 'mug'`);
  },
};

/** Rows that need somebody else at the same moment: `do-action.test.ts` and `seal-saga.test.ts` have them. */
const AT_ONCE: readonly string[] = ['in flight'];

const table = await readStateTable('out-of-stock');

it('has a way into every state of the table', () => {
  expect(table.map(({ is }) => is).toSorted()).toEqual([...Object.keys(states), ...AT_ONCE].toSorted());
});

describe.each(table.filter(({ is }) => is in states))('a key that is $is', ({ is, cells }) => {
  it.each(cells.filter(([, cell]) => cell !== undefined))('answers %s', async (request, cell) => {
    expect(await answerIn(is, request, ask, states)).toEqual(cell);
  });
});

const item = (answer: Answered) => (answer.json as { items: { key: string; state: string; answer: unknown }[] }).items;

it.each(['done', 'refused', 'undone', 'blocked'])('P10: seal lists a key that is %s', async (state) => {
  const key = newKey();
  await states[state as keyof typeof states]?.(key);
  expect(item(await ask.seal(key))).toEqual([expect.objectContaining({ key, state, answer: null })]);
});

it('P8: a refusal keeps nothing that the handler wrote before it, and is stored', async () => {
  const before = await stateOf(service.pool, 'mug');
  const key = newKey();
  const first = await send(service.url, '/takings', { key, body: tooMany });
  expect(first.json).toEqual({
    type: 'urn:amends:refused:out-of-stock',
    title: 'there is less on the shelf',
    status: 409,
    detail: 'there are not 1000000 of mug',
  });
  expect(await stateOf(service.pool, 'mug')).toEqual(before);
  const again = await send(service.url, '/takings', { key, body: tooMany });
  expect(again.text).toBe(first.text);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  const settled = await ask.settle(key);
  expect(settled.json).toMatchObject({ state: 'refused', answer: { status: 409, body: first.json } });
});

it('an action without undo refuses to be undone and stays done', async () => {
  const taken = await send(service.url, '/takings', { key: newKey(), body: mugs });
  const { takingId } = taken.json as { takingId: string };
  const key = newKey('sendParcel');
  const sent = await send(service.url, `/takings/${takingId}/send`, { key, body: { takingId } });
  expect(sent.status).toBe(200);
  for (const _ of [1, 2]) {
    const undo = await ask.undo(key);
    expect([undo.status, undo.says]).toEqual([409, 'undo-refused:no-undo']);
  }
  expect((await ask.settle(key)).json).toMatchObject({ state: 'done', answer: { status: 200, body: { sent: true } } });
});
