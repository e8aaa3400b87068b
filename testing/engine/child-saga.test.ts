import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** An order from two warehouses, and the input of the child that books its parcels. */
const twoParcels = async () => {
  const order = await anOrder(bench.shop);
  const [line] = order.lines;
  const lines = ['w-1', 'w-2'].map((warehouse) => ({ ...line, quantity: 1, warehouse }));
  const parcels = lines.map(({ warehouse, sku = '', quantity }) => ({ warehouse, lines: [{ sku, quantity }] }));
  const { orderId, shipTo } = order;
  return { order: { ...order, lines }, child: { orderId, shipTo, parcels }, id: `bookParcels:${orderId}` };
};
const stepOf = (view: SagaView, step: string) => view.steps.find(({ name }) => name === step);

describe('a child saga', () => {
  it('S1 S11: a reset comes to the child that is there, and books nothing twice', async () => {
    const { order, id } = await twoParcels();
    const saga = await bench.start('fulfilSplitOrder', order);
    expect((await saga.closed()).status).toBe('completed');
    const { runId } = await saga.handle.describe();
    await bench.client.workflowService.resetWorkflowExecution({
      namespace: bench.namespace,
      workflowExecution: { workflowId: saga.id, runId },
      reason: 'a test',
      requestId: `reset-${order.orderId}`,
      workflowTaskFinishEventId: 4 as never,
    });
    const again = bench.client.workflow.getHandle(saga.id);
    const view = await again.result().then(() => again.query<SagaView>('view'));
    expect(view).toMatchObject({ status: 'completed' });
    expect(stepOf(view, 'bookParcels')).toMatchObject({ state: 'done', discharge: 'kept' });
    expect(await effectsOf(bench.shop, order)).toMatchObject({
      shipments: ['booked', 'booked'],
      payments: ['captured'],
    });
    expect((await bench.client.workflow.getHandle(id).describe()).status.name).toBe('COMPLETED');
  });

  it('S9 S11: a cancel of its parent cancels it, and is through when it has undone itself', async () => {
    const { order, id } = await twoParcels();
    const { shipping } = bench.shop.proxies;
    const fault = shipping.strike({ fault: 'down', saga: id, op: 'do', step: 'bookParcel:w-2' });
    const saga = await bench.start('fulfilSplitOrder', order, {
      times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
    });
    await expect.poll(() => fault.struck(), { timeout: 10_000 }).toBeGreaterThan(3);
    await saga.cancel();
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'cancelled', cause: { outcome: 'cancelled' } });
    expect(stepOf(view, 'bookParcels')).toMatchObject({ state: 'refused', discharge: 'nothing-to-undo' });
    expect((await bench.client.workflow.getHandle(id).describe()).status.name).toBe('CANCELLED');
    expect(await effectsOf(bench.shop, order)).toMatchObject({ shipments: ['cancelled'], reservations: ['released'] });
  });

  it('S11: one of the same key that somebody else has started is a no, and stays as it is', async () => {
    const { order, child, id } = await twoParcels();
    await (await bench.start('bookParcels', child)).closed();
    const view = await (await bench.start('fulfilSplitOrder', order)).closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookParcels', code: 'conflict' } });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ shipments: ['booked', 'booked'], payments: ['voided'] });
    expect((await bench.client.workflow.getHandle(id).describe()).status.name).toBe('COMPLETED');
  });

  it('S11: one that was killed is unknown: its undo runs without its result, and the parent is undone', async () => {
    const { order, id } = await twoParcels();
    const { shipping } = bench.shop.proxies;
    const fault = shipping.strike({ fault: 'down', saga: id, op: 'do', step: 'bookParcel:w-2' });
    const saga = await bench.start('fulfilSplitOrder', order, {
      times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
    });
    await expect.poll(() => fault.struck(), { timeout: 10_000 }).toBeGreaterThan(3);
    await bench.client.workflow.getHandle(id).terminate('a test');
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookParcels', outcome: 'unknown' } });
    expect(stepOf(view, 'bookParcels')).toMatchObject({ state: 'unknown', discharge: 'compensated' });
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['cancelled']);
  });
});
