import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stock } from '../../contracts/inventory.ts';
import type { Line } from '../../contracts/values.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';

let inventory: ServiceUnderTest;
beforeAll(async () => {
  inventory = await startServiceUnderTest('inventory', (parts) => ({ app: createApp(parts) }));
});
afterAll(() => inventory.close());

const setStock = (sku: string, available: number) => inventory.ask(`PUT /stock/${sku}`, { available });
const stockOf = async (sku: string) => (await inventory.ask(`GET /stock/${sku}`)).json as Stock;
const reserve = (order: string, lines: Line[]) =>
  inventory.asSaga(`fulfilOrder:${order}/reserveStock`, '/reservations', { orderId: order, lines });
/** Goods of an order that have left. */
const shipped = async (order: string, lines: Line[]): Promise<void> => {
  const { reservationId } = (await reserve(order, lines)).json as { reservationId: string };
  const path = `/reservations/${reservationId}/ship`;
  expect((await inventory.asSaga(`fulfilOrder:${order}/shipStock`, path, { reservationId })).status).toBe(200);
};
const key = (order: string, step = 'restock') => `returnOrder:${order}/${step}`;
const restock = (order: string, lines: Line[], step?: string) =>
  inventory.asSaga(key(order, step), '/restockings', { orderId: order, lines });
const undo = (order: string) => inventory.asSaga(key(order), '/saga-operations/undo');
const restockingsOf = async (order: string) =>
  ((await inventory.ask(`GET /restockings?orderId=${order}`)).json as { items: unknown[] }).items;
const OUT_OF_STOCK = { status: 409, json: { type: 'urn:amends:refused:out-of-stock' } };

describe('restock', () => {
  it('puts what has left for an order on the shelf again, and its undo takes it off, each once', async () => {
    const lines = [
      { sku: 'r-mug', quantity: 2 },
      { sku: 'r-pot', quantity: 1 },
    ];
    for (const { sku } of lines) await setStock(sku, 5);
    await shipped('o-back', lines);
    const answers = await Promise.all(Array.from({ length: 6 }, () => restock('o-back', lines)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await restockingsOf('o-back')).toEqual([
      { ...(answers[0]?.json as object), orderId: 'o-back', state: 'restocked', lines },
    ]);
    expect(await stockOf('r-mug')).toMatchObject({ available: 5, reserved: 0, shipped: 0 });

    for (let i = 0; i < 2; i += 1) expect((await undo('o-back')).status).toBe(200);
    expect(await restockingsOf('o-back')).toMatchObject([{ state: 'withdrawn' }]);
    expect(await stockOf('r-mug')).toMatchObject({ available: 3, shipped: 2 });
    expect(await stockOf('r-pot')).toMatchObject({ available: 4, shipped: 1 });
  });

  it('P8: refuses what never left for that order, though the same goods have left for others, and writes nothing', async () => {
    await setStock('r-cup', 10);
    await shipped('o-theirs', [{ sku: 'r-cup', quantity: 5 }]);
    await shipped('o-mine', [{ sku: 'r-cup', quantity: 2 }]);
    for (const lines of [
      [{ sku: 'r-cup', quantity: 3 }],
      [
        { sku: 'r-cup', quantity: 1 },
        { sku: 'r-cup', quantity: 2 },
      ],
      [{ sku: 'r-never', quantity: 1 }],
    ]) {
      expect(
        await restock('o-mine', lines, `restock${lines.length}${lines[0]?.sku === 'r-cup' ? 'a' : 'b'}`),
      ).toMatchObject(OUT_OF_STOCK);
    }
    expect(await restock('o-nobody', [{ sku: 'r-cup', quantity: 1 }])).toMatchObject(OUT_OF_STOCK);
    expect(await restockingsOf('o-mine')).toEqual([]);
    expect(await stockOf('r-cup')).toMatchObject({ available: 3, shipped: 7 });
  });

  it('P8: refuses goods that are only reserved, or were released', async () => {
    await setStock('r-held', 4);
    await reserve('o-held', [{ sku: 'r-held', quantity: 2 }]);
    expect(await restock('o-held', [{ sku: 'r-held', quantity: 1 }])).toMatchObject(OUT_OF_STOCK);
    expect(await stockOf('r-held')).toMatchObject({ available: 2, reserved: 2 });
  });

  it('takes an order back in parts, at once too, but never more than has left; what was withdrawn counts again', async () => {
    await setStock('r-part', 6);
    await shipped('o-part', [{ sku: 'r-part', quantity: 4 }]);
    const one = [{ sku: 'r-part', quantity: 1 }];
    const answers = await Promise.all(Array.from({ length: 9 }, (_, n) => restock('o-part', one, `restock${n}`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    for (const each of answers.filter(({ status }) => status !== 200)) expect(each).toMatchObject(OUT_OF_STOCK);
    expect(await stockOf('r-part')).toMatchObject({ available: 6, reserved: 0, shipped: 0 });

    const done = answers.findIndex(({ status }) => status === 200);
    await inventory.asSaga(key('o-part', `restock${done}`), '/saga-operations/undo');
    expect(await restock('o-part', one, 'again')).toMatchObject({ status: 200 });
  });

  it('an undo that comes too late is refused, and nothing of it happens: the goods are reserved for somebody else', async () => {
    const lines = [
      { sku: 'r-a', quantity: 1 },
      { sku: 'r-z', quantity: 2 },
    ];
    await setStock('r-a', 1);
    await setStock('r-z', 2);
    await shipped('o-late', lines);
    await restock('o-late', lines);
    await reserve('o-other', [{ sku: 'r-z', quantity: 1 }]);
    expect(await undo('o-late')).toMatchObject({ status: 409, json: { type: 'urn:amends:undo-refused:reserved' } });
    expect(await restockingsOf('o-late')).toMatchObject([{ state: 'restocked' }]);
    expect(await stockOf('r-a')).toMatchObject({ available: 1, shipped: 0 });
    expect(await stockOf('r-z')).toMatchObject({ available: 1, reserved: 1, shipped: 0 });
    await inventory.asSaga('fulfilOrder:o-other/reserveStock', '/saga-operations/undo');
    expect((await undo('o-late')).status).toBe(200);
    expect(await stockOf('r-z')).toMatchObject({ available: 0, shipped: 2 });
  });

  it('fault 20: orders that come back with the same goods in other orders of their lines never deadlock', async () => {
    const orders = Array.from({ length: 12 }, (_, n) => `o-mixed-${n}`);
    await setStock('r-left', 12);
    await setStock('r-right', 12);
    const lines = [
      { sku: 'r-left', quantity: 1 },
      { sku: 'r-right', quantity: 1 },
    ];
    for (const order of orders) await shipped(order, lines);
    const answers = await Promise.all(
      orders.map((order, n) => restock(order, n % 2 === 0 ? lines : lines.toReversed())),
    );
    expect(answers.map(({ status }) => status)).toEqual(orders.map(() => 200));
    expect(await stockOf('r-left')).toMatchObject({ available: 12, shipped: 0 });
  });
});

it('lists nothing of an unknown order, asks which is meant, and refuses a body that is not of the form', async () => {
  expect(await restockingsOf('o-unknown')).toEqual([]);
  expect(await inventory.ask('GET /restockings')).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'orderId' }] },
  });
  expect(await restock('o-none', [])).toMatchObject({ status: 422, json: { type: 'urn:amends:invalid' } });
});
