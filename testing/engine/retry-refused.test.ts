import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoveryId } from '../../packages/contracts/src/protocol/keys.ts';
import { SAGA_TASK_QUEUE } from '../../packages/contracts/src/protocol/task-queues.ts';
import { anOrder, effectsOf, recoveryOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const BY_HAND = { kind: 'http', id: null, type: null, source: null };

const parked = ({ status }: { status: string }): boolean => status === 'parked';

/** An order of a mug that is not on the shelf: the inventory itself refuses it, and stores that. */
const outOfStock = async () => {
  const order = await anOrder(bench.shop);
  const [line] = order.lines;
  if (line === undefined) throw new Error('an order has a line');
  await bench.shop.putStock(line.sku, 0);
  return { order, sku: line.sku, fewer: { orderId: order.orderId, lines: [{ sku: line.sku, quantity: 1 }] } };
};

const askedOf = (id: string) =>
  bench.shop.proxies.inventory.seen
    .filter(({ key }) => key.startsWith(`${id}/`))
    .map(({ op, key }) => `${op} ${key.slice(id.length + 1)}`);

describe('a retriable step that a participant has refused', () => {
  it('S6: is asked under its next key when it is retried, as often as it takes; it stays one step', async () => {
    const { order, sku } = await outOfStock();
    const saga = await bench.start('reservesPast', order);
    const first = await saga.until(parked);
    expect(first.steps).toHaveLength(2);
    expect(first.steps[1]).toMatchObject({ name: 'reserveStock', instance: null, state: 'parked' });
    await saga.retry('reserveStock');
    await saga.until((view) => parked(view) && view.audit.length === 1);
    await bench.shop.putStock(sku, 10);
    await saga.retry('reserveStock');

    expect(await saga.closed()).toMatchObject({
      status: 'completed',
      steps: [{}, { name: 'reserveStock', instance: null, state: 'done', discharge: 'kept' }],
    });
    expect(askedOf(saga.id)).toEqual(['do reserveStock', 'do reserveStock:~2', 'do reserveStock:~3']);
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['reserved']);
  });

  it('S6: an instance has next keys of its own', async () => {
    const { order, sku } = await outOfStock();
    const saga = await bench.start('reservesEachPast', order);
    await saga.until(parked);
    await bench.shop.putStock(sku, 10);
    await saga.retry('reserveStock:w-1');
    expect((await saga.closed()).steps.map(({ instance }) => instance)).toEqual([null, 'w-1']);
    expect(askedOf(saga.id)).toEqual(['do reserveStock:w-1', 'do reserveStock:w-1~2']);
  });

  it('S6: a retry with a corrected input settles the key in use, and asks under the next; a plain one sends that again, and says so', async () => {
    const { order, sku, fewer } = await outOfStock();
    const saga = await bench.start('reservesPast', order);
    await saga.until(parked);
    await saga.act('retry', { step: 'reserveStock', input: fewer });
    const again = await saga.until((view) => parked(view) && view.audit.length === 1);
    expect(again.steps[1]?.error).toContain('sends the corrected one again');
    await bench.shop.putStock(sku, 1);
    await saga.retry('reserveStock');
    expect(await saga.closed()).toMatchObject({ status: 'completed' });
    expect(askedOf(saga.id)).toEqual([
      'do reserveStock',
      'settle reserveStock',
      'do reserveStock:~2',
      'do reserveStock:~3',
    ]);
  });

  it('S6: a corrected input for what was never done goes under the next key, and the first can not happen any more', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const lines = [{ sku: line?.sku, quantity: 1 }];
    const id = `reservesPast:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'reserveStock' });
    const saga = await bench.start('reservesPast', order);
    await saga.until(parked);
    fault.lift();
    await saga.act('retry', { step: 'reserveStock', input: { orderId: order.orderId, lines } });
    expect((await saga.closed()).status).toBe('completed');
    expect(askedOf(id).slice(-2)).toEqual(['settle reserveStock', 'do reserveStock:~2']);
    expect(await bench.shop.get('inventory', `/stock/${line?.sku}`)).toMatchObject({ reserved: 1 });
  });

  it('S6: a corrected input for what was done all the while changes nothing: its answer stands', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const lines = [{ sku: line?.sku, quantity: 1 }];
    const id = `reservesPast:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({
      fault: 'answer-lost',
      saga: id,
      op: 'do',
      step: 'reserveStock',
    });
    const settle = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'settle', step: 'reserveStock' });
    const saga = await bench.start('reservesPast', order);
    await saga.until(parked);
    fault.lift();
    await saga.act('retry', { step: 'reserveStock', input: { orderId: order.orderId, lines } });
    const unsettled = await saga.until((view) => parked(view) && view.audit.length === 1);
    expect(unsettled.steps[1]?.error).toContain('settling failed');
    settle.lift();
    await saga.retry('reserveStock');
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'completed', steps: [{}, { state: 'done', discharge: 'kept' }] });
    expect(askedOf(id)).not.toContain('do reserveStock:~2');
    expect(await bench.shop.get('inventory', `/stock/${line?.sku}`)).toMatchObject({ reserved: 2 });
    const { items } = (await bench.shop.get('inventory', `/reservations?orderId=${order.orderId}`)) as {
      items: { reservationId: string }[];
    };
    expect(view.result).toBe(items[0]?.reservationId);
  });

  it('S6: where its participant is sealed a retry is vain, and refused; it can be resolved', async () => {
    const order = await anOrder(bench.shop);
    const id = `reservesPast:${order.orderId}`;
    const headers = { 'idempotency-key': id, 'saga-started': new Date().toISOString() };
    const sealed = await fetch(`${bench.shop.proxies.inventory.url}/saga-operations/seal`, { method: 'POST', headers });
    expect(sealed.status).toBe(200);
    const saga = await bench.start('reservesPast', order);
    await saga.until(parked);
    for (const request of [{}, { input: { orderId: order.orderId, lines: [] } }]) {
      await expect(saga.act('retry', { step: 'reserveStock', ...request })).rejects.toMatchObject({
        cause: { type: 'NotAllowed', message: expect.stringContaining('is vain') as string },
      });
    }
    await saga.act('resolve', { step: 'reserveStock', output: { reservationId: 'r-1' } });
    expect(await saga.closed()).toMatchObject({ status: 'completed', steps: [{}, { discharge: 'resolved' }] });
  });

  it('S14: a recovery run takes what was asked under its keys for one step', async () => {
    const { order, sku } = await outOfStock();
    const saga = await bench.start('reservesEachPast', { ...order, lines: [...order.lines, ...order.lines] });
    await saga.until(parked);
    await bench.shop.putStock(sku, 2);
    await saga.retry('reserveStock:w-1');
    await saga.until((view) => parked(view) && view.steps.length === 3);
    await saga.handle.terminate('a test');
    const recovery = recoveryOf(bench, saga);
    await bench.client.workflow.start('reservesEachPast', {
      workflowId: recoveryId(saga.id),
      taskQueue: SAGA_TASK_QUEUE,
      args: [null, { startedAt: new Date().toISOString(), trigger: BY_HAND, times: { steps: {} }, recovers: saga.id }],
    });
    await recovery.until(parked);
    await recovery.act('resolve', { step: 'flow', outcome: 'not-done' });
    const { steps } = await recovery.closed();
    expect(steps.filter(({ name }) => name === 'reserveStock')).toMatchObject([
      { instance: 'w-1', state: 'done' },
      { instance: 'w-2', state: 'refused' },
    ]);
  });
});
