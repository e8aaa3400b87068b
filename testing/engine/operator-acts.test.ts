import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';
import type { FaultRule } from '../../packages/testing/src/faults/fault-proxy.ts';
import type { ShopService } from '../shop.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const parked = ({ status }: SagaView): boolean => status === 'parked';
const stepOf = (view: SagaView, step: string) => view.steps.find(({ name }) => name === step);

/** A saga that is parked, because a service is down for one kind of call. */
const parkedBy = async (
  service: ShopService,
  rule: Pick<FaultRule, 'op' | 'step'>,
  { saga = 'fulfilOrder', ...changes }: { saga?: string; shipTo?: { country: string } } = {},
) => {
  const order = await anOrder(bench.shop, changes);
  const fault = bench.shop.proxies[service].strike({ ...rule, fault: 'down', saga: `${saga}:${order.orderId}` });
  const running = await bench.start(saga, order);
  const view = await running.until((now) => parked(now) && (rule.op !== 'undo' || now.steps[2]?.discharge !== null));
  return { order, fault, saga: running, view };
};
const refused = (saga: RunningSaga, act: 'retry' | 'skip' | 'resolve', request: object, type: string) =>
  expect(saga.act(act, request)).rejects.toMatchObject({ cause: { type } });

const ABROAD = { shipTo: { country: 'KP' } };

describe('an operator', () => {
  it('S6: skips an undo with a reason; the saga goes on by itself', async () => {
    const { order, saga } = await parkedBy('inventory', { op: 'undo', step: 'reserveStock' }, ABROAD);
    await saga.act('skip', { step: 'reserveStock', reason: 'the shelf is gone' });
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { code: 'country-not-served' } });
    expect(stepOf(view, 'reserveStock')).toMatchObject({ discharge: 'skipped', undo: { state: 'skipped' } });
    expect(view.audit).toMatchObject([
      { actor: 'ann', action: 'skip', step: 'reserveStock', reason: 'the shelf is gone' },
    ]);
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['reserved']);
  });

  it('S6: resolves an undo that was done by hand', async () => {
    const { saga } = await parkedBy('inventory', { op: 'undo', step: 'reserveStock' }, ABROAD);
    await saga.act('resolve', { step: 'reserveStock' });
    const view = await saga.closed();
    expect(stepOf(view, 'reserveStock')).toMatchObject({ discharge: 'resolved', undo: { state: 'done' } });
    expect(view.status).toBe('compensated');
  });

  it('S6: retries an undo with a corrected input, which the service gets as its body', async () => {
    const { saga, fault } = await parkedBy('inventory', { op: 'undo', step: 'reserveStock' }, ABROAD);
    fault.lift();
    const bodies: unknown[] = [];
    const rewrite = (body: unknown): unknown => (bodies.push(body), body);
    const { inventory } = bench.shop.proxies;
    inventory.strike({ fault: 'rewritten', saga: saga.id, op: 'undo', step: 'reserveStock', rewrite });
    await saga.act('retry', { step: 'reserveStock', input: { shelf: 7 } });
    expect(await saga.closed()).toMatchObject({ status: 'compensated' });
    expect(bodies).toEqual([{ shelf: 7 }]);
  });

  it('S6 S8: skips a retriable step, or resolves it with what it would have answered', async () => {
    const skipped = await parkedBy('inventory', { op: 'do', step: 'shipStock' });
    await skipped.saga.act('skip', { step: 'shipStock' });
    const view = await skipped.saga.closed();
    expect(view.status).toBe('completed');
    expect(stepOf(view, 'shipStock')).toMatchObject({ state: 'skipped', discharge: 'skipped' });

    const resolved = await parkedBy('inventory', { op: 'do', step: 'shipStock' });
    await resolved.saga.act('resolve', { step: 'shipStock', output: { shippedAt: '2026-01-01T00:00:00.000Z' } });
    expect(stepOf(await resolved.saga.closed(), 'shipStock')).toMatchObject({ state: 'done', discharge: 'resolved' });
  });

  it('S6 S8: retries a retriable step with a corrected input', async () => {
    const { saga, fault, order } = await parkedBy(
      'notifications',
      { op: 'do', step: 'notifyCustomer' },
      {
        saga: 'withoutPivot',
      },
    );
    fault.lift();
    const { orderId, customerId } = order;
    await saga.act('retry', {
      step: 'notifyCustomer',
      input: { orderId, customerId, template: 'return-refunded' },
    });
    expect(await saga.closed()).toMatchObject({ status: 'completed' });
    expect((await effectsOf(bench.shop, order)).notifications).toEqual(['return-refunded']);
  });

  it('S6: skips or resolves a seal, and answers for what the service has that nobody knows', async () => {
    for (const act of ['skip', 'resolve'] as const) {
      const { saga } = await parkedBy('shipping', { op: 'seal' }, ABROAD);
      await saga.act(act, { step: 'seal:shipping' });
      const view = await saga.closed();
      expect(view).toMatchObject({ status: 'compensated', audit: [{ action: act, step: 'seal:shipping' }] });
      expect(stepOf(view, 'seal:shipping')).toBeUndefined();
    }
  });

  const pivotUnsettled = async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const { payments } = bench.shop.proxies;
    const faults = [
      payments.strike({ fault: 'cut', saga, op: 'do', step: 'capturePayment' }),
      payments.strike({ fault: 'down', saga, op: 'settle', step: 'capturePayment' }),
    ];
    const running = await bench.start('fulfilOrder', order);
    await running.until(parked);
    return { order, saga: running, faults };
  };

  it('S6 S7: cannot skip a parked pivot; resolving it says whether it was done: done, and the saga goes forward', async () => {
    const { order, saga } = await pivotUnsettled();
    const step = 'capturePayment';
    await refused(saga, 'skip', { step }, 'NotAllowed');
    await refused(saga, 'retry', { step, input: {} }, 'NotAllowed');
    await refused(saga, 'resolve', { step }, 'Malformed');
    expect((await saga.view()).audit).toEqual([]);
    await saga.act('resolve', { step, outcome: 'done', output: { capturedAt: '2026-01-01T00:00:00.000Z' } });
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'completed', phase: 'retriable', cause: null });
    expect(stepOf(view, step)).toMatchObject({ state: 'done', discharge: 'resolved' });
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['shipped']);
  });

  it('S6 S7: resolving a pivot as not done, the saga goes backward', async () => {
    const { order, saga } = await pivotUnsettled();
    await saga.act('resolve', { step: 'capturePayment', outcome: 'not-done' });
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'capturePayment', outcome: 'unknown' } });
    expect(stepOf(view, 'capturePayment')).toMatchObject({ state: 'refused', discharge: 'resolved' });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ payments: ['voided'], reservations: ['released'] });
  });

  it('S6: ends a flow that is broken past the point of no return, with its result', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('breaksLate', order);
    await saga.until(parked);
    await refused(saga, 'resolve', { step: 'flow', outcome: 'done' }, 'NotAllowed');
    await saga.act('resolve', { step: 'flow', output: 'by hand' });
    expect(await saga.closed()).toMatchObject({ status: 'completed', result: 'by hand' });
  });

  it('S6: of two operators one acts, the other is told why not', async () => {
    const order = await anOrder(bench.shop, ABROAD);
    const down = { fault: 'down', op: 'undo', saga: `fulfilOrder:${order.orderId}` } as const;
    bench.shop.proxies.inventory.strike({ ...down, step: 'reserveStock' });
    // a second one keeps the saga from ending as soon as one of them has acted
    const other = bench.shop.proxies.payments.strike({ ...down, step: 'authorizePayment' });
    const saga = await bench.start('fulfilOrder', order);
    const isParked = (view: SagaView, step: string): boolean => stepOf(view, step)?.undo?.state === 'parked';
    await saga.until((view) => isParked(view, 'reserveStock') && isParked(view, 'authorizePayment'));
    const acts = await Promise.allSettled([
      saga.act('skip', { step: 'reserveStock', reason: 'one' }),
      saga.act('resolve', { step: 'reserveStock', reason: 'two' }),
    ]);
    const rejected = acts.filter(({ status }) => status === 'rejected');
    expect(rejected).toMatchObject([{ reason: { cause: { type: 'NotParked' } } }]);
    other.lift();
    await saga.act('retry', { step: 'authorizePayment' });
    expect((await saga.closed()).audit).toMatchObject([{ step: 'reserveStock' }, { step: 'authorizePayment' }]);
  });

  it('S6 S17: sees in the Web UI where it is parked, why, and what to do', async () => {
    const { saga } = await parkedBy('inventory', { op: 'undo', step: 'reserveStock' }, ABROAD);
    const { currentDetails } = await saga.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('**parked**: bookShipment refused (country-not-served)');
    expect(currentDetails).toContain('Parked at **reserveStock**: The service is down');
    for (const update of ['retry', 'skip', 'resolve']) expect(currentDetails).toContain(`\`${update}\` with`);
    await saga.act('skip', { step: 'reserveStock' });
    await saga.closed();
  });
});
