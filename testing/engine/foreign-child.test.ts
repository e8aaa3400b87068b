import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const PATIENT = { times: { steps: { '*': { attempt: 1_500, budget: 60_000 } } } };

describe("a child's key that somebody else has taken", () => {
  it('S9 S11: who is still at work under it is not cancelled when the parent that it refuses is undone', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const { inventory, shipping } = bench.shop.proxies;
    const id = `bookParcels:${order.orderId}`;
    const fault = shipping.strike({ fault: 'down', saga: id, op: 'do', step: 'bookParcel:w-1' });
    const parcels = [{ warehouse: 'w-1', lines: [{ sku: line?.sku, quantity: 1 }] }];
    const theirs = await bench.start('bookParcels', { orderId: order.orderId, shipTo: order.shipTo, parcels }, PATIENT);
    await expect.poll(() => fault.struck()).toBeGreaterThan(0);

    // its parent's recovery takes a while, so that a cancel would come in time
    inventory.strike({
      fault: 'down',
      saga: `fulfilSplitOrder:${order.orderId}`,
      op: 'undo',
      step: 'reserveStock',
      times: 4,
    });
    const parent = await bench.start('fulfilSplitOrder', { ...order, lines: [{ ...line, warehouse: 'w-1' }] });
    expect(await parent.closed()).toMatchObject({
      status: 'compensated',
      cause: { step: 'bookParcels', outcome: 'refused', code: 'conflict' },
    });
    expect((await theirs.handle.describe()).status.name).toBe('RUNNING');
    fault.lift();
    expect(await theirs.closed()).toMatchObject({ status: 'completed', cause: null, audit: [] });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ shipments: ['booked'], reservations: ['released'] });
  });
});
