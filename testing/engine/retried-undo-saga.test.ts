import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

describe('an undo that is a saga of its own', () => {
  it('S6 S11: that was killed parks the parent, and a retry runs it anew under a key of its own', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const { payments, shipping } = bench.shop.proxies;
    const id = `fulfilSplitOrder:${order.orderId}`;
    const undoId = `cancelParcels:${order.orderId}`;
    payments.strike({ fault: 'refused', saga: id, op: 'do', step: 'capturePayment', code: 'authorization-lapsed' });
    const stuck = shipping.strike({ fault: 'down', saga: undoId, op: 'do', step: 'cancelParcel:w-1' });
    const saga = await bench.start('fulfilSplitOrder', { ...order, lines: [{ ...line, warehouse: 'w-1' }] });
    await expect.poll(() => stuck.struck(), { timeout: 15_000 }).toBeGreaterThan(0);
    await bench.client.workflow.getHandle(undoId).terminate('a test');

    const view = await saga.until(({ status }) => status === 'parked');
    expect(view.steps.find(({ name }) => name === 'bookParcels')).toMatchObject({ undo: { state: 'parked' } });
    await saga.retry('bookParcels');
    const closed = await saga.closed();
    expect(closed).toMatchObject({ status: 'compensated' });
    expect(closed.steps.find(({ name }) => name === 'bookParcels')).toMatchObject({ discharge: 'compensated' });
    expect((await bench.client.workflow.getHandle(`${undoId}~1~2`).describe()).status.name).toBe('COMPLETED');
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['cancelled']);
  });
});
