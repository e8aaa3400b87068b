import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedCalls } from '../../packages/testing/src/reading/read-history.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** What all services together were asked of a saga, in order. */
const askedOf = (id: string): string[] =>
  Object.values(bench.shop.proxies)
    .flatMap(({ seen }) => seen)
    .filter(({ key }) => key === id || key.startsWith(`${id}/`))
    .toSorted((a, b) => a.at - b.at)
    .map(({ op, key }) => `${op} ${key.slice(id.length + 1)}`);

describe('backward recovery', () => {
  it('S1: undoes the step whose answer was lost for ever, for it may have happened', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.payments.strike({
      fault: 'answer-lost',
      saga,
      op: 'do',
      step: 'authorizePayment',
    });
    const view = await (await bench.start('fulfilOrder', order)).closed();

    expect(fault.struck()).toBeGreaterThan(1);
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'authorizePayment', outcome: 'unknown' } });
    expect((await effectsOf(bench.shop, order)).payments).toEqual(['voided']);
  });

  it('S1: settles, then seals every participant that can have done something, then undoes, last started first (S5)', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const saga = await bench.start('fulfilOrder', order);
    await saga.closed();

    const asked = askedOf(saga.id);
    const settled = asked.indexOf('settle capturePayment');
    const seals = asked.flatMap((what, at) => (what.startsWith('seal') ? [at] : []));
    const undos = asked.filter((what) => what.startsWith('undo'));
    // notifications only has what comes after the pivot, and that was blocked
    expect(seals).toHaveLength(4);
    expect(Math.min(...seals)).toBeGreaterThan(settled);
    expect(asked.findIndex((what) => what.startsWith('undo'))).toBeGreaterThan(Math.max(...seals));
    expect(undos).toEqual(['undo authorizePayment', 'undo reserveStock', 'undo acceptOrder']);
  });

  it('S5: an undo has more patience than an action had', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const saga = `fulfilOrder:${order.orderId}`;
    const { inventory } = bench.shop.proxies;
    // three times in its fast lane, then for 3.5 s
    const down = inventory.strike({ fault: 'down', saga, op: 'undo', step: 'reserveStock', times: 6 });
    const times = { steps: { '*': { attempt: 1_000, budget: 2_000, undoBudget: 30_000 } } };
    const view = await (await bench.start('fulfilOrder', order, { times })).closed();

    expect(down.struck()).toBe(6);
    expect(view.status).toBe('compensated');
    expect(bench.published.filter(({ id }) => id.startsWith(`${saga}/parked`))).toEqual([]);
  });

  it('S4: waits for the siblings in flight, and undoes them too', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const id = `siblings:${order.orderId}`;
    bench.shop.proxies.inventory.strike({ fault: 'late', saga: id, op: 'do', step: 'reserveStock', delayMs: 700 });
    const saga = await bench.start('siblings', order);
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookShipment', code: 'country-not-served' } });
    const calls = (await recordedCalls(saga.handle)).map(({ type }) => type);
    expect(calls.indexOf('reserveStock')).toBeLessThan(calls.findIndex((type) => type.startsWith('seal')));
    expect(view.steps[0]).toMatchObject({ discharge: expect.stringMatching(/compensated|nothing-to-undo/) });
    // the request was already on its way, and comes after the undo: the participant refuses it (P4)
    await new Promise((resolve) => setTimeout(resolve, 900));
    const { reservations } = await effectsOf(bench.shop, order);
    expect(reservations.every((state) => state === 'released')).toBe(true);
  });

  it('S7: goes forward when the pivot whose answer was lost turns out to be done', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.payments.strike({ fault: 'answer-lost', saga, op: 'do', step: 'capturePayment' });
    const view = await (await bench.start('fulfilOrder', order)).closed();

    expect(fault.struck()).toBeGreaterThan(1);
    expect(view).toMatchObject({ status: 'completed', cause: null });
    expect(await effectsOf(bench.shop, order)).toEqual({
      reservations: ['shipped'],
      payments: ['captured'],
      shipments: ['booked'],
      notifications: ['order-confirmed'],
    });
  });

  it('S7: goes backward when the pivot never reached its service, and blocks it for ever', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.payments.strike({ fault: 'cut', saga: id, op: 'do', step: 'capturePayment' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'capturePayment', outcome: 'unknown' } });
    expect(view.steps.find(({ name }) => name === 'capturePayment')).toMatchObject({
      state: 'refused',
      discharge: 'nothing-to-undo',
    });
    expect(askedOf(id)).toContain('settle capturePayment');
    expect((await effectsOf(bench.shop, order)).payments).toEqual(['voided']);
  });

  it('S7: settles the pivot even when this run never reached it', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.closed();

    expect(askedOf(saga.id)).toContain('settle capturePayment');
    expect(view.steps.find(({ name }) => name === 'capturePayment')).toMatchObject({
      state: 'pending',
      discharge: null,
    });
  });

  it('S12: every opened step has exactly one discharge', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'CU' } });
    const view = await (await bench.start('fulfilOrder', order)).closed();
    expect(view.steps.map(({ name, discharge }) => [name, discharge])).toEqual([
      ['acceptOrder', 'compensated'],
      ['reserveStock', 'compensated'],
      ['authorizePayment', 'compensated'],
      ['bookShipment', 'nothing-to-undo'],
      ['capturePayment', null],
      ['shipStock', null],
      ['notifyCustomer', null],
    ]);
  });

  it('S10: a soft deadline undoes everything', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { deadline: 1_500, steps: {} } });
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { step: null, outcome: 'deadline', code: 'deadline' } });
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
    const { raw } = await saga.handle.describe();
    expect(Number(raw.executionConfig?.workflowExecutionTimeout?.seconds ?? 0)).toBe(0);
  });

  it('S10: a deadline past the pivot means nothing', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock', times: 6 });
    const times = { deadline: 2_500, steps: { '*': { attempt: 1_000, budget: 20_000 } } };
    const view = await (await bench.start('fulfilOrder', order, { times })).closed();

    expect(new Date(view.deadlineAt ?? '').getTime()).toBeLessThan(
      new Date(view.steps.find(({ name }) => name === 'shipStock')?.endedAt ?? '').getTime(),
    );
    expect(view).toMatchObject({ status: 'completed', cause: null });
  });

  it('S1 S19: a reset asks with the same keys, so nothing happens twice', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('fulfilOrder', order);
    await saga.closed();
    const { runId } = (await saga.handle.describe()) as { runId: string };
    await bench.client.workflowService.resetWorkflowExecution({
      namespace: bench.namespace,
      workflowExecution: { workflowId: saga.id, runId },
      reason: 'a test',
      requestId: `reset-${order.orderId}`,
      workflowTaskFinishEventId: 4 as never,
    });
    const again = bench.client.workflow.getHandle(saga.id);
    await again.result();
    expect(await again.query('view')).toMatchObject({ status: 'completed' });
    expect(await effectsOf(bench.shop, order)).toEqual({
      reservations: ['shipped'],
      payments: ['captured'],
      shipments: ['booked'],
      notifications: ['order-confirmed'],
    });
  });
});
