import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../testing/database.ts';
import { newKey, send, type Answered } from '../testing/saga-client.ts';
import { startWarehouse, stateOf, stockWarehouse, type Warehouse } from '../testing/warehouse.ts';

// The state table of participants.md, cell by cell.

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

const mugs = { sku: 'mug', quantity: 1, note: null };
const others = { sku: 'mug', quantity: 2, note: null };
const tooMany = { sku: 'mug', quantity: 1_000_000, note: null };

const ask = {
  do: (key: string) => send(service.url, '/takings', { key, body: mugs }),
  other: (key: string) => send(service.url, '/takings', { key, body: others }),
  undo: (key: string) => send(service.url, '/saga-operations/undo', { key }),
  settle: (key: string) => send(service.url, '/saga-operations/settle', { key }),
  seal: (key: string) => send(service.url, '/saga-operations/seal', { key: key.slice(0, key.lastIndexOf('/')) }),
};

/** How a key comes into a state. */
const states: Record<string, (key: string) => Promise<unknown>> = {
  absent: async () => undefined,
  done: ask.do,
  refused: async (key) => {
    await service.pool.query(`update shelf set available = 0 where sku = 'mug'`);
    await ask.do(key);
    await service.pool.query(`update shelf set available = 1000 where sku = 'mug'`);
  },
  undone: async (key) => {
    await ask.do(key);
    await ask.undo(key);
  },
  blocked: ask.undo,
  'sealed, key absent': ask.seal,
  'sealed, key known': async (key) => {
    await ask.do(key);
    await ask.seal(key);
  },
};

type Cell = readonly [status: number, says: string | undefined];
const table: Record<string, Record<keyof typeof ask, Cell | undefined>> = {
  absent: {
    do: [200, undefined],
    other: undefined,
    undo: [200, 'blocked'],
    settle: [200, 'blocked'],
    seal: [200, undefined],
  },
  done: {
    do: [200, undefined],
    other: [422, 'key-mismatch'],
    undo: [200, 'undone'],
    settle: [200, 'done'],
    seal: [200, undefined],
  },
  refused: {
    do: [409, 'refused:out-of-stock'],
    other: [422, 'key-mismatch'],
    undo: [200, 'refused'],
    settle: [200, 'refused'],
    seal: [200, undefined],
  },
  undone: {
    do: [409, 'undone'],
    other: [422, 'key-mismatch'],
    undo: [200, 'undone'],
    settle: [200, 'undone'],
    seal: [200, undefined],
  },
  blocked: {
    do: [409, 'blocked'],
    other: [409, 'blocked'],
    undo: [200, 'blocked'],
    settle: [200, 'blocked'],
    seal: [200, undefined],
  },
  'sealed, key absent': {
    do: [409, 'sealed'],
    other: [409, 'sealed'],
    undo: [200, 'blocked'],
    settle: [200, 'blocked'],
    seal: [200, undefined],
  },
  'sealed, key known': {
    do: [200, undefined],
    other: [422, 'key-mismatch'],
    undo: [200, 'undone'],
    settle: [200, 'done'],
    seal: [200, undefined],
  },
};

describe.each(Object.entries(table))('a key that is %s', (state, row) => {
  it.each(Object.entries(row))('answers %s', async (request, cell) => {
    if (cell === undefined) return;
    const key = newKey();
    await states[state]?.(key);
    const answer = await ask[request as keyof typeof ask](key);
    expect([answer.status, answer.says]).toEqual(cell);
    const type = answer.status < 300 ? 'application/json' : 'application/problem+json';
    expect(answer.headers.get('content-type')).toBe(type);
  });
});

const item = (answer: Answered) => (answer.json as { items: { key: string; state: string; answer: unknown }[] }).items;

it.each(['done', 'refused', 'undone', 'blocked'])('P10: seal lists a key that is %s', async (state) => {
  const key = newKey();
  await states[state]?.(key);
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
