import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const shelve = (sku: string, available: number) => inventory.ask(`PUT /stock/${sku}`, { available });
const stockOf = async (sku: string) => (await inventory.ask(`GET /stock/${sku}`)).json;
const reserve = (order: string, lines: { sku: string; quantity: number }[]) =>
  inventory.asSaga(`fulfilOrder:${order}/reserveStock`, '/reservations', { orderId: order, lines });
const undo = (order: string) => inventory.asSaga(`fulfilOrder:${order}/reserveStock`, '/saga-operations/undo');
const idOf = (json: unknown) => (json as { reservationId: string }).reservationId;

describe('stock', () => {
  it('sets what is on the shelf, of a new SKU and again', async () => {
    expect(await shelve('s-set', 3)).toMatchObject({
      status: 200,
      json: { sku: 's-set', available: 3, reserved: 0, shipped: 0 },
    });
    expect((await shelve('s-set', 7)).json).toMatchObject({ available: 7 });
    expect(await stockOf('s-set')).toEqual({ sku: 's-set', available: 7, reserved: 0, shipped: 0 });
  });

  it('refuses to set what is on the shelf while some of it is reserved: 409, and nothing changes', async () => {
    await shelve('s-held', 5);
    await reserve('o-held', [{ sku: 's-held', quantity: 2 }]);
    expect(await shelve('s-held', 9)).toMatchObject({ status: 409, json: { type: 'urn:amends:conflict' } });
    expect(await stockOf('s-held')).toEqual({ sku: 's-held', available: 3, reserved: 2, shipped: 0 });
    await undo('o-held');
    expect(await shelve('s-held', 9)).toMatchObject({ status: 200 });
  });

  it('says 404 of a SKU that nobody has ever had', async () => {
    expect(await inventory.ask('GET /stock/s-unknown')).toMatchObject({
      status: 404,
      json: { type: 'urn:amends:not-found' },
    });
  });

  it('says what is wrong with a request: 422 with paths, 400 for no JSON, 405 with Allow', async () => {
    expect(await inventory.ask('PUT /stock/s-set', { available: -1 })).toMatchObject({
      status: 422,
      json: { type: 'urn:amends:invalid', errors: [{ path: 'available' }] },
    });
    expect(await inventory.ask('PUT /stock/s-set', { available: 1.5 })).toMatchObject({ status: 422 });
    expect(await inventory.ask('PUT /stock/s-set', '{')).toMatchObject({ status: 400 });
    expect(await inventory.ask('GET /stock/a%20b')).toMatchObject({ status: 422, json: { errors: [{ path: 'sku' }] } });
    const wrong = await inventory.ask('DELETE /stock/s-set');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
  });

  it('lists every SKU in pages that neither repeat nor miss one', async () => {
    for (let i = 0; i < 5; i++) await shelve(`s-page-${i}`, i);
    const skus: string[] = [];
    let cursor = '';
    for (let page = 0; page < 20; page++) {
      const { json } = await inventory.ask(`GET /stock?limit=2&cursor=${cursor}`);
      const { items, next } = json as { items: { sku: string }[]; next: string | null };
      expect(items.length).toBeLessThanOrEqual(2);
      skus.push(...items.map((each) => each.sku));
      if (next === null) break;
      cursor = next;
    }
    expect(new Set(skus).size).toBe(skus.length);
    expect(skus.filter((sku) => sku.startsWith('s-page-'))).toHaveLength(5);
    expect(skus).toContain('s-page-4');
  });

  it('refuses a cursor that is none, and a parameter that it does not know', async () => {
    for (const cursor of ['nonsense', 'x'.repeat(3_000), Buffer.from('["stock",7]').toString('base64url')]) {
      expect(await inventory.ask(`GET /stock?cursor=${cursor}`)).toMatchObject({
        status: 400,
        json: { type: 'urn:amends:bad-request' },
      });
    }
    expect(await inventory.ask('GET /stock?limit=0')).toMatchObject({ status: 422 });
    expect(await inventory.ask('GET /stock?curser=a')).toMatchObject({ status: 422 });
  });
});

describe('reservations', () => {
  it('reserves, and ships what was reserved', async () => {
    await shelve('s-ship', 10);
    const { status, json } = await reserve('o-ship', [{ sku: 's-ship', quantity: 4 }]);
    expect(status).toBe(200);
    expect(await stockOf('s-ship')).toMatchObject({ available: 6, reserved: 4, shipped: 0 });
    const key = 'fulfilOrder:o-ship/shipStock';
    const path = `/reservations/${idOf(json)}/ship`;
    const shipped = await inventory.asSaga(key, path, { reservationId: idOf(json) });
    expect(shipped.json).toEqual({ shippedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) });
    expect((await inventory.asSaga(key, path, { reservationId: idOf(json) })).text).toBe(shipped.text);
    expect(await stockOf('s-ship')).toMatchObject({ available: 6, reserved: 0, shipped: 4 });
    expect((await inventory.ask('GET /reservations?orderId=o-ship')).json).toEqual({
      items: [
        {
          reservationId: idOf(json),
          orderId: 'o-ship',
          state: 'shipped',
          lines: [{ sku: 's-ship', quantity: 4 }],
        },
      ],
    });
  });

  it('answers a reservation that is not, or was released, as a final no and not as a broken service', async () => {
    await shelve('s-gone', 2);
    const { json } = await reserve('o-gone', [{ sku: 's-gone', quantity: 2 }]);
    await undo('o-gone');
    const ship = (id: string) =>
      inventory.asSaga('fulfilOrder:o-gone/shipStock', `/reservations/${id}/ship`, { reservationId: id });
    expect(await ship('r-nobody')).toMatchObject({ status: 404, json: { type: 'urn:amends:not-found' } });
    expect(await ship(idOf(json))).toMatchObject({ status: 409, json: { type: 'urn:amends:conflict' } });
    expect(await stockOf('s-gone')).toMatchObject({ available: 2, reserved: 0, shipped: 0 });
  });

  it('ships nothing that another step has shipped already', async () => {
    await shelve('s-twice', 2);
    const { json } = await reserve('o-twice', [{ sku: 's-twice', quantity: 1 }]);
    const path = `/reservations/${idOf(json)}/ship`;
    const first = await inventory.asSaga('fulfilOrder:o-twice/shipStock', path, { reservationId: idOf(json) });
    const other = await inventory.asSaga('fulfilOrder:o-twice/shipAgain', path, { reservationId: idOf(json) });
    expect(other.json).toEqual(first.json);
    expect(await stockOf('s-twice')).toMatchObject({ available: 1, reserved: 0, shipped: 1 });
  });

  it('P3: puts reserved goods back when told to undo, once', async () => {
    await shelve('s-undo', 3);
    await reserve('o-undo', [{ sku: 's-undo', quantity: 3 }]);
    expect((await undo('o-undo')).status).toBe(200);
    expect((await undo('o-undo')).status).toBe(200);
    expect(await stockOf('s-undo')).toMatchObject({ available: 3, reserved: 0 });
    expect((await inventory.ask('GET /reservations?orderId=o-undo')).json).toMatchObject({
      items: [{ state: 'released' }],
    });
  });

  it('cannot put back what has left: the undo is refused, the operation stays done', async () => {
    await shelve('s-left', 1);
    const { json } = await reserve('o-left', [{ sku: 's-left', quantity: 1 }]);
    await inventory.asSaga('fulfilOrder:o-left/shipStock', `/reservations/${idOf(json)}/ship`, {});
    expect(await undo('o-left')).toMatchObject({ status: 409, json: { type: 'urn:amends:undo-refused:shipped' } });
    expect(await stockOf('s-left')).toMatchObject({ available: 0, reserved: 0, shipped: 1 });
  });

  it('P8: refuses out-of-stock for all lines or none, and an unknown SKU has none', async () => {
    await shelve('s-some', 5);
    const short = [
      { sku: 's-some', quantity: 5 },
      { sku: 's-never-seen', quantity: 1 },
    ];
    expect(await reserve('o-short', short)).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:refused:out-of-stock' },
    });
    expect(await stockOf('s-some')).toMatchObject({ available: 5, reserved: 0 });
    expect((await inventory.ask('GET /reservations?orderId=o-short')).json).toEqual({ items: [] });
  });

  it('counts a SKU that stands in several lines as one, and keeps the lines as they were asked for', async () => {
    await shelve('s-many', 5);
    const lines = [
      { sku: 's-many', quantity: 3 },
      { sku: 's-many', quantity: 3 },
    ];
    expect(await reserve('o-many', lines)).toMatchObject({ status: 409 });
    const fits = lines.map((line) => ({ ...line, quantity: 2 }));
    expect(await reserve('o-many-2', fits)).toMatchObject({ status: 200 });
    expect(await stockOf('s-many')).toMatchObject({ available: 1, reserved: 4 });
    expect((await inventory.ask('GET /reservations?orderId=o-many-2')).json).toMatchObject({
      items: [{ lines: fits }],
    });
  });

  it('fault 23: a hundred orders want ten of one thing, and exactly ten get it', async () => {
    await shelve('s-race', 10);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => reserve(`o-race-${i}`, [{ sku: 's-race', quantity: 1 }])),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10);
    const refused = answers.filter((answer) => answer.text.includes('urn:amends:refused:out-of-stock'));
    expect(refused).toHaveLength(90);
    expect(await stockOf('s-race')).toMatchObject({ available: 0, reserved: 10 });
  });

  it('fault 20: orders of the same goods in opposite order all go through', async () => {
    await shelve('s-a', 100);
    await shelve('s-b', 100);
    const lines = ['s-a', 's-b'].map((sku) => ({ sku, quantity: 1 }));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => reserve(`o-mixed-${i}`, i % 2 ? lines : lines.toReversed())),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 40 }, () => 200));
    expect(await stockOf('s-b')).toMatchObject({ available: 60, reserved: 40 });
  });

  it('lists nothing of an order it has never heard of, and asks which order is meant', async () => {
    expect(await inventory.ask('GET /reservations?orderId=o-none')).toMatchObject({ status: 200, json: { items: [] } });
    for (const query of ['', '?orderId=', '?orderId=a%2Fb', `?orderId=${'x'.repeat(129)}`]) {
      expect(await inventory.ask(`GET /reservations${query}`)).toMatchObject({
        status: 422,
        json: { errors: [{ path: 'orderId' }] },
      });
    }
  });
});

describe('the database itself', () => {
  it.each(['available', 'reserved', 'shipped'])('never lets %s become negative', async (place) => {
    await shelve('s-check', 0);
    await expect(inventory.pool.query(`update stock set ${place} = -1 where sku = 's-check'`)).rejects.toThrow(
      `${place}_never_negative`,
    );
  });
});
