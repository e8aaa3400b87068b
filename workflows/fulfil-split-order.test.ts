import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoverSaga } from '../packages/client/src/recovery/recover-saga.ts';
import type { SplitOrder } from '../contracts/orders.ts';
import type { Shipment } from '../contracts/shipping.ts';
import type { SagaView } from '../packages/contracts/src/saga-view.ts';
import { describeSaga } from '@amends/testing';
import { stage } from '../testing/stage.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../testing/saga-bench.ts';
import { fulfilSplitOrder } from './fulfil-split-order.ts';

let bench: SagaBench;
/** An order of two goods from two warehouses, in three lines. */
const aSplitOrder = async (changes: Partial<SplitOrder> = {}): Promise<SplitOrder> => {
  const order = await anOrder(bench.shop);
  const [mug, pot] = [`mug-${order.orderId}`, `pot-${order.orderId}`];
  await bench.shop.putStock(pot, 5);
  const lines = [
    { sku: mug, quantity: 1, unitPrice: 900, warehouse: 'w-1' },
    { sku: pot, quantity: 1, unitPrice: 2500, warehouse: 'w-2' },
    { sku: mug, quantity: 1, unitPrice: 900, warehouse: 'w-2' },
  ];
  return { ...order, lines, ...changes };
};
const shipmentsOf = async ({ orderId }: SplitOrder) =>
  ((await bench.shop.get('shipping', `/shipments?orderId=${orderId}`)) as { items: Shipment[] }).items;
const viewOf = (id: string) => bench.client.workflow.getHandle(id).query<SagaView>('view');
const stepsOf = ({ steps }: SagaView) =>
  steps.map(
    ({ name, instance, state, discharge }) =>
      `${instance === null ? name : `${name}:${instance}`} ${state} ${discharge}`,
  );

describeSaga(fulfilSplitOrder, stage);

describe('fulfilSplitOrder', () => {
  beforeAll(async () => {
    bench = await startSagaBench();
  });
  afterAll(() => bench.close());

  it('S1 S8 S11: books one parcel a warehouse in its child, and ends completed with every effect once', async () => {
    const order = await aSplitOrder();
    const saga = await bench.start('fulfilSplitOrder', order);
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'completed', cause: null });
    expect(stepsOf(view)).toEqual([
      'acceptOrder done kept',
      'reserveStock done kept',
      'authorizePayment done kept',
      'bookParcels done kept',
      'capturePayment done kept',
      'shipStock done kept',
      'notifyCustomer done kept',
    ]);
    const shipments = (await shipmentsOf(order)).toSorted((a, b) =>
      String(a.warehouse).localeCompare(String(b.warehouse)),
    );
    expect(shipments).toMatchObject([
      { warehouse: 'w-1', state: 'booked' },
      { warehouse: 'w-2', state: 'booked' },
    ]);
    expect(view.result).toEqual({
      shipments: shipments.map(({ warehouse, shipmentId, trackingNumber }) => ({
        warehouse,
        shipmentId,
        trackingNumber,
      })),
    });
    expect(await effectsOf(bench.shop, order)).toMatchObject({
      reservations: ['shipped'],
      payments: ['captured'],
      notifications: ['order-confirmed'],
    });
    const child = await viewOf(`bookParcels:${order.orderId}`);
    expect(child).toMatchObject({ status: 'completed', trigger: { kind: 'saga', id: saga.id } });
    expect(stepsOf(child)).toEqual(['bookParcel:w-1 done kept', 'bookParcel:w-2 done kept']);
    expect(bench.published.map(({ id }) => id)).toEqual(
      expect.arrayContaining([`bookParcels:${order.orderId}/completed`, `${saga.id}/completed`]),
    );
  });

  it('S3 S13: a child that is refused has undone itself, and the parent undoes the rest, with the child’s cause as its own', async () => {
    const order = await aSplitOrder({ shipTo: { country: 'KP' } });
    const view = await (await bench.start('fulfilSplitOrder', order)).closed();
    expect(view).toMatchObject({
      status: 'compensated',
      cause: { step: 'bookParcels', outcome: 'refused', code: 'country-not-served' },
    });
    expect(await effectsOf(bench.shop, order)).toEqual({
      reservations: ['released'],
      payments: ['voided'],
      shipments: [],
      notifications: [],
    });
    expect((await viewOf(`bookParcels:${order.orderId}`)).status).toBe('compensated');
  });

  it('S5: one parcel that cannot be booked cancels the others that are', async () => {
    const order = await aSplitOrder();
    const child = `bookParcels:${order.orderId}`;
    bench.shop.proxies.shipping.strike({ fault: 'down', saga: child, op: 'do', step: 'bookParcel:w-2' });
    const view = await (await bench.start('fulfilSplitOrder', order)).closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookParcels' } });
    expect(await shipmentsOf(order)).toMatchObject([{ warehouse: 'w-1', state: 'cancelled' }]);
  });

  it('S5 S7: a child that has completed is undone by its own undo saga, when the money cannot be taken', async () => {
    const order = await aSplitOrder();
    const id = `fulfilSplitOrder:${order.orderId}`;
    const fault = bench.shop.proxies.payments.strike({ fault: 'down', saga: id, op: 'do', step: 'capturePayment' });
    const view = await (await bench.start('fulfilSplitOrder', order)).closed();
    expect(fault.struck()).toBeGreaterThan(0);
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'capturePayment', outcome: 'unknown' } });
    expect(view.steps.find(({ name }) => name === 'bookParcels')).toMatchObject({ discharge: 'compensated' });
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['cancelled', 'cancelled']);
    const undo = await viewOf(`cancelParcels:${order.orderId}`);
    expect(undo).toMatchObject({ status: 'completed', result: { cancelled: ['w-1', 'w-2'] } });
  });

  it('S14: a child that is killed is undone as far as it can be seen, and what it books after that by its own recovery', async () => {
    const order = await aSplitOrder();
    const child = `bookParcels:${order.orderId}`;
    const { shipping } = bench.shop.proxies;
    const late = shipping.strike({ fault: 'late', saga: child, op: 'do', step: 'bookParcel:w-2', delayMs: 10_000 });
    const saga = await bench.start('fulfilSplitOrder', order);
    const parcels = async () =>
      (await shipmentsOf(order))
        .map(({ warehouse, state }) => `${warehouse} ${state}`)
        .toSorted((a, b) => a.localeCompare(b));
    await expect.poll(parcels, { timeout: 10_000 }).toEqual(['w-1 booked']);
    await bench.client.workflow.getHandle(child).terminate('a test');
    expect(await saga.closed()).toMatchObject({
      status: 'compensated',
      cause: { step: 'bookParcels', outcome: 'unknown' },
    });
    expect(await parcels()).toContain('w-1 cancelled');
    expect(late.struck()).toBeGreaterThan(0);

    await expect.poll(parcels, { timeout: 20_000 }).toEqual(['w-1 cancelled', 'w-2 booked']);
    expect(await recoverSaga(bench.client, child, { entries: {} })).toBe(true);
    await expect.poll(parcels, { timeout: 10_000 }).toEqual(['w-1 cancelled', 'w-2 cancelled']);
  }, 60_000);
});
