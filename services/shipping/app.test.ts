import { afterAll, beforeAll, expect, it } from 'vitest';
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

const key = (order: string) => `fulfilOrder:${order}/bookShipment`;
const book = (order: string, shipTo: Record<string, string>) =>
  shipping.asSaga(key(order), '/shipments', { orderId: order, shipTo, lines: [{ sku: 'mug', quantity: 2 }] });
const shipmentsOf = async (order: string) =>
  ((await shipping.ask(`GET /shipments?orderId=${order}`)).json as { items: unknown[] }).items;

it('books a shipment to where it goes, and gives it a tracking number', async () => {
  const { status, json } = await book('o-book', { country: 'DE', street: 'Am Markt 1' });
  expect(status).toBe(200);
  expect(await shipmentsOf('o-book')).toEqual([
    { ...(json as object), orderId: 'o-book', warehouse: null, state: 'booked', country: 'DE' },
  ]);
  expect(json).toEqual({ shipmentId: expect.any(String), trackingNumber: expect.stringMatching(/^T[0-9A-F]{16}$/) });
});

it('P3: cancels a booking when told to undo, once', async () => {
  await book('o-cancel', { country: 'FR' });
  for (let i = 0; i < 2; i++)
    expect((await shipping.asSaga(key('o-cancel'), '/saga-operations/undo')).status).toBe(200);
  expect(await shipmentsOf('o-cancel')).toMatchObject([{ state: 'cancelled', country: 'FR' }]);
});

it.each(['KP', 'SY', 'CU'])('P8: refuses to ship to %s', async (country) => {
  expect(await book(`o-${country}`, { country })).toMatchObject({
    status: 409,
    json: { type: 'urn:amends:refused:country-not-served' },
  });
  expect(await shipmentsOf(`o-${country}`)).toEqual([]);
});

it('lists nothing of an unknown order, and asks which order is meant', async () => {
  expect(await shipmentsOf('o-unknown')).toEqual([]);
  expect(await shipping.ask('GET /shipments')).toMatchObject({ status: 422, json: { errors: [{ path: 'orderId' }] } });
  expect(await shipping.ask('GET /shipments?orderId=a%2Fb')).toMatchObject({ status: 422 });
});

it('refuses a body that is not of the published form', async () => {
  expect(await book('o-wrong', { country: 'Germany' })).toMatchObject({
    status: 422,
    json: { type: 'urn:amends:invalid' },
  });
});
