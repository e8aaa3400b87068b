import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shipment } from '../../contracts/shipping.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { createApp } from './app.ts';

let shipping: ServiceUnderTest;
beforeAll(async () => {
  shipping = await startServiceUnderTest('shipping', (parts) => ({ app: createApp({ ...parts, wake: () => {} }) }));
});
afterAll(() => shipping.close());

const key = (order: string, warehouse: string, saga = 'bookParcels') => `${saga}:${order}/bookParcel:${warehouse}`;
const book = (order: string, warehouse: string, saga?: string) =>
  shipping.asSaga(key(order, warehouse, saga), '/shipments', {
    orderId: order,
    warehouse,
    shipTo: { country: 'DE' },
    lines: [{ sku: 'mug', quantity: 1 }],
  });
const undo = (order: string, warehouse: string) => shipping.asSaga(key(order, warehouse), '/saga-operations/undo');
const cancel = (order: string, warehouse: string, step = 'cancelParcel') =>
  shipping.asSaga(`cancelParcels:${order}/${step}:${warehouse}`, '/cancellations', { orderId: order, warehouse });
const parcelsOf = async (order: string) =>
  ((await shipping.ask(`GET /shipments?orderId=${order}`)).json as { items: Shipment[] }).items
    .map(({ warehouse, state }) => `${warehouse} ${state}`)
    .toSorted((a, b) => a.localeCompare(b));

describe('one parcel a warehouse', () => {
  it('books a parcel from each, and undoes each by its own key', async () => {
    await Promise.all(['w-1', 'w-2', 'w-3'].map((warehouse) => book('o-three', warehouse)));
    expect(await parcelsOf('o-three')).toEqual(['w-1 booked', 'w-2 booked', 'w-3 booked']);
    expect((await undo('o-three', 'w-2')).status).toBe(200);
    expect(await parcelsOf('o-three')).toEqual(['w-1 booked', 'w-2 cancelled', 'w-3 booked']);
  });

  it('of several sagas that book the same parcel at once one has it, and the others are told, not asked to wait', async () => {
    const answers = await Promise.all(
      ['bookParcels', 'other', 'third', 'fourth'].map((saga) => book('o-twice', 'w-1', saga)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    for (const each of answers.filter(({ status }) => status === 409)) {
      expect(each).toMatchObject({ json: { type: 'urn:amends:conflict' } });
    }
    expect(await parcelsOf('o-twice')).toEqual(['w-1 booked']);
  });

  it('an order that was undone is booked again by another saga', async () => {
    await book('o-again', 'w-1');
    await undo('o-again', 'w-1');
    expect(await book('o-again', 'w-1', 'other')).toMatchObject({ status: 200 });
    expect(await parcelsOf('o-again')).toEqual(['w-1 booked', 'w-1 cancelled']);
  });

  it('a shipment that names no warehouse is in nobody’s way', async () => {
    const plain = { orderId: 'o-plain', shipTo: { country: 'DE' }, lines: [{ sku: 'mug', quantity: 1 }] };
    for (const saga of ['fulfilOrder', 'other']) {
      expect(await shipping.asSaga(`${saga}:o-plain/bookShipment`, '/shipments', plain)).toMatchObject({ status: 200 });
    }
    expect(await book('o-plain', 'w-1')).toMatchObject({ status: 200 });
    expect(await parcelsOf('o-plain')).toEqual(['null booked', 'null booked', 'w-1 booked']);
  });
});

describe('cancelParcel', () => {
  it('cancels what is booked of that order from that warehouse, and nothing else', async () => {
    for (const [order, warehouse] of [
      ['o-cancel', 'w-1'],
      ['o-cancel', 'w-2'],
      ['o-keep', 'w-1'],
    ] as const) {
      await book(order, warehouse);
    }
    expect(await cancel('o-cancel', 'w-1')).toMatchObject({ status: 200, json: { cancelled: true } });
    expect(await parcelsOf('o-cancel')).toEqual(['w-1 cancelled', 'w-2 booked']);
    expect(await parcelsOf('o-keep')).toEqual(['w-1 booked']);
  });

  it('P1: says so when nothing is booked, and a repeat says what was said', async () => {
    expect(await cancel('o-none', 'w-1')).toMatchObject({ status: 200, json: { cancelled: false } });
    await book('o-none', 'w-1');
    expect(await cancel('o-none', 'w-1')).toMatchObject({ json: { cancelled: false } });
    expect(await parcelsOf('o-none')).toEqual(['w-1 booked']);
    expect(await cancel('o-none', 'w-1', 'later')).toMatchObject({ json: { cancelled: true } });
    expect(await cancel('o-none', 'w-1', 'later')).toMatchObject({ json: { cancelled: true } });
  });

  it('the undo of a booking that was cancelled finds it cancelled, and leaves what was booked since', async () => {
    await book('o-both', 'w-1');
    await cancel('o-both', 'w-1');
    await book('o-both', 'w-1', 'other');
    expect((await undo('o-both', 'w-1')).status).toBe(200);
    expect(await parcelsOf('o-both')).toEqual(['w-1 booked', 'w-1 cancelled']);
  });

  it('has no undo, and refuses a body that is not of the form', async () => {
    await book('o-final', 'w-1');
    await cancel('o-final', 'w-1');
    expect(await shipping.asSaga('cancelParcels:o-final/cancelParcel:w-1', '/saga-operations/undo')).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:undo-refused:no-undo' },
    });
    const key1 = 'cancelParcels:o-wrong/cancelParcel:w-1';
    expect(await shipping.asSaga(key1, '/cancellations', { orderId: 'o-wrong' })).toMatchObject({ status: 422 });
  });
});
