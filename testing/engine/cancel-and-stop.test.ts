import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

describe('a cancel', () => {
  it('S9: is refused past the pivot', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
    const saga = await bench.start('fulfilOrder', order, {
      times: { steps: { '*': { attempt: 1_000, budget: 30_000 } } },
    });
    await saga.until(({ phase }) => phase === 'retriable');
    await expect(saga.cancel()).rejects.toMatchObject({ cause: { type: 'PastPivot' } });
    fault.lift();
    expect(await saga.closed()).toMatchObject({ status: 'completed', audit: [] });
  });

  it('S9: waits for the outcome of a pivot in flight', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.payments.strike({ fault: 'late', saga: id, op: 'do', step: 'capturePayment', delayMs: 3_500 });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ phase }) => phase === 'pivot');
    await expect(saga.cancel()).rejects.toMatchObject({ cause: { type: 'PastPivot' } });
    expect((await saga.closed()).status).toBe('completed');
  });

  it('S9: sent straight to Temporal is treated alike', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ steps }) => steps[1]?.state === 'done');
    const asked = Date.now();
    await saga.handle.cancel();
    await saga.until(({ status }) => status !== 'running');
    expect(Date.now() - asked).toBeLessThan(4_000);
    expect(await saga.closed()).toMatchObject({
      status: 'cancelled',
      audit: [{ actor: 'temporal', action: 'cancel' }],
    });
    expect((await saga.handle.describe()).status.name).toBe('CANCELLED');
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });

  it('S9: sent straight to Temporal past the pivot is noted and ignored', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
    const saga = await bench.start('fulfilOrder', order, {
      times: { steps: { '*': { attempt: 1_000, budget: 30_000 } } },
    });
    await saga.until(({ phase }) => phase === 'retriable');
    await saga.handle.cancel();
    await saga.until(({ audit }) => audit.length === 1);
    fault.lift();
    expect(await saga.closed()).toMatchObject({ status: 'completed', audit: [{ actor: 'temporal' }] });
    expect((await saga.handle.describe()).status.name).toBe('COMPLETED');
  });

  it('S9: a second cancel during recovery changes nothing', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ steps }) => steps[1]?.state === 'done');
    await Promise.all([saga.cancel(), saga.cancel(), saga.handle.cancel()]);
    expect((await saga.closed()).status).toBe('cancelled');
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });

  it('S9: by Update is taken also after one sent straight to Temporal', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'undo', step: 'reserveStock' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ steps }) => steps[1]?.state === 'done');
    await saga.handle.cancel();
    await saga.until(({ audit }) => audit.length === 1);
    await saga.cancel();
    await saga.cancel();
    fault.lift();
    expect(await saga.closed()).toMatchObject({
      status: 'cancelled',
      audit: [{ actor: 'temporal' }, { actor: 'ann' }],
    });
  });
});

describe('a saga whose workers are stopped', () => {
  it('S2: a budget does not run out while nobody is there to work: what was on its way goes on', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.notifications.strike({
      fault: 'down',
      saga: id,
      op: 'do',
      step: 'notifyCustomer',
    });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: { '*': { budget: 3_000 } } } });
    await saga.until(({ steps }) => steps[6]?.state === 'running');
    await bench.stopWorkers();
    fault.lift();
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await bench.startWorkers();
    const view = await saga.closed();
    expect(view.steps[6]).toMatchObject({ state: 'done', discharge: 'kept' });
  });

  it('S3: recovery goes on after the workers were stopped in the middle of it', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.payments.strike({ fault: 'down', saga: id, op: 'undo', step: 'authorizePayment' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: { '*': { undoBudget: 60_000 } } } });
    await saga.until(({ steps }) => steps[2]?.undo?.state === 'running' && fault.struck() > 0);
    await bench.stopWorkers();
    fault.lift();
    await bench.startWorkers();
    expect((await saga.closed()).status).toBe('compensated');
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], payments: ['voided'] });
  });
});
