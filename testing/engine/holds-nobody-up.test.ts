import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import type { FaultRule } from '../../packages/testing/src/faults/fault-rule.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import type { ShopService } from '../shop.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** The definition's own: nothing parks within a test. */
const USUAL = { times: { steps: {} } };
const DECLINED = { paymentToken: 'tok_declined' };
const ABROAD = { shipTo: { country: 'KP' } };
/** A declined order is undone within this, whoever is away. */
const UNDONE_MS = 5_000;
/** A machine that eight share. */
const BUSY = { timeout: 60_000, retry: 1 };

const parkedOf = (id: string): string[] =>
  bench.published.map((event) => event.id).filter((event) => event.startsWith(`${id}/parked`));
const dischargeOf = (view: SagaView, step: string) => view.steps.find(({ name }) => name === step)?.discharge;

/** When the services were asked that of the saga, in order. */
const askedOf = (id: string, op: FaultRule['op']) =>
  Object.entries(bench.shop.proxies)
    .flatMap(([service, { seen }]) => seen.map((one) => ({ service, ...one })))
    .filter((one) => one.op === op && (one.key === id || one.key.startsWith(`${id}/`)))
    .toSorted((a, b) => a.at - b.at)
    .map(({ service, key, at }) => ({ service, step: key.slice(id.length + 1), at }));

/** One service is away for that, in one way or another. */
const away = (service: ShopService, saga: string, rule: Pick<FaultRule, 'fault' | 'op' | 'step'>) =>
  bench.shop.proxies[service].strike({ saga, ...rule });

describe('what cannot act', () => {
  it.each(['down', 'cut', 'held'] as const)(
    'S1 S6: a declined order whose notifications service is away (%s) is undone within 5 s, and does not park',
    BUSY,
    async (fault) => {
      const order = await anOrder(bench.shop, DECLINED);
      const id = `fulfilOrder:${order.orderId}`;
      const strike = away('notifications', id, { fault, op: 'seal' });
      const started = Date.now();
      const view = await (await bench.start('fulfilOrder', order, USUAL)).closed();
      expect(Date.now() - started).toBeLessThan(UNDONE_MS);
      expect(view.status).toBe('compensated');
      // it only has what comes after the pivot, and the pivot's own participant has said that there is none
      expect(askedOf(id, 'seal').map(({ service }) => service)).not.toContain('notifications');
      expect(parkedOf(id)).toEqual([]);
      strike.release();
    },
  );

  it.each(['down', 'held'] as const)(
    'S1 S5: a participant that does not answer its seal (%s) holds up no other for more than 3 s, and nothing parks',
    BUSY,
    async (fault) => {
      const order = await anOrder(bench.shop, DECLINED);
      const id = `fulfilOrder:${order.orderId}`;
      const strike = away('shipping', id, { fault, op: 'seal' });
      const saga = await bench.start('fulfilOrder', order, USUAL);
      const view = await saga.until((now) => dischargeOf(now, 'reserveStock') === 'compensated');
      expect(view.status).toBe('compensating');
      const [undo] = askedOf(id, 'undo');
      const [seal] = askedOf(id, 'seal');
      expect(undo).toMatchObject({ step: 'reserveStock' });
      expect((undo?.at ?? 0) - (seal?.at ?? 0)).toBeLessThan(4_000);
      strike.lift();
      strike.release();
      const ended = await saga.closed();
      expect(ended).toMatchObject({ status: 'compensated', cause: { code: 'declined' } });
      expect(dischargeOf(ended, 'acceptOrder')).toBe('compensated');
      expect(parkedOf(id)).toEqual([]);
    },
  );

  it.each(['down', 'held'] as const)(
    'S1 S5: an undo that does not come through (%s) holds up no other for more than 3 s',
    BUSY,
    async (fault) => {
      const order = await anOrder(bench.shop, ABROAD);
      const id = `fulfilOrder:${order.orderId}`;
      const strike = away('payments', id, { fault, op: 'undo', step: 'authorizePayment' });
      const saga = await bench.start('fulfilOrder', order, USUAL);
      await saga.until((now) => dischargeOf(now, 'reserveStock') === 'compensated');
      const undos = askedOf(id, 'undo');
      const first = undos.find(({ step }) => step === 'authorizePayment')?.at ?? 0;
      const next = undos.find(({ step }) => step === 'reserveStock')?.at ?? 0;
      expect(next).toBeGreaterThan(first);
      expect(next - first).toBeLessThan(4_000);
      strike.lift();
      strike.release();
      expect((await saga.closed()).status).toBe('compensated');
      expect(parkedOf(id)).toEqual([]);
    },
  );

  it(
    'S1 S5: without a pivot too: a participant of retriable steps alone holds up no undo for more than 3 s',
    BUSY,
    async () => {
      const order = await anOrder(bench.shop);
      const id = `refusesBeforeThePoint:${order.orderId}`;
      const strike = away('notifications', id, { fault: 'down', op: 'seal' });
      const saga = await bench.start('refusesBeforeThePoint', order, USUAL);
      await saga.until((now) => dischargeOf(now, 'reserveStock') === 'compensated');
      const [undo] = askedOf(id, 'undo');
      const [seal] = askedOf(id, 'seal');
      expect((undo?.at ?? 0) - (seal?.at ?? 0)).toBeLessThan(4_000);
      strike.lift();
      expect((await saga.closed()).status).toBe('compensated');
    },
  );
});

describe('a parked seal', () => {
  it('S6: goes on by itself when its participant answers again: nobody need act', BUSY, async () => {
    const order = await anOrder(bench.shop, DECLINED);
    const id = `fulfilOrder:${order.orderId}`;
    const strike = away('shipping', id, { fault: 'down', op: 'seal' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.until(({ status }) => status === 'parked');
    expect(view.steps.at(-1)).toMatchObject({ name: 'seal:shipping', state: 'parked' });
    const pending = await saga.until(({ steps }) => steps[1]?.discharge === 'compensated');
    expect(pending.status).toBe('parked');
    const metadata = await saga.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('It is asked again by itself, and goes on when it answers. By Update:');
    const { raw } = await saga.handle.describe();
    expect((raw.pendingActivities ?? []).map(({ activityId }) => activityId)).toEqual(['seal shipping']);
    strike.lift();
    expect(await saga.closed()).toMatchObject({ status: 'compensated', audit: [], cause: { code: 'declined' } });
    expect((await effectsOf(bench.shop, order)).reservations.every((state) => state === 'released')).toBe(true);
  });

  it('S6: that its participant refused for good is parked at once, and asked again all the same', BUSY, async () => {
    const order = await anOrder(bench.shop, DECLINED);
    const id = `fulfilOrder:${order.orderId}`;
    const strike = bench.shop.proxies.shipping.strike({ fault: 'refused', saga: id, op: 'seal', code: 'not-here' });
    const saga = await bench.start('fulfilOrder', order, USUAL);
    await saga.until(({ status }) => status === 'parked');
    await expect.poll(() => strike.struck(), { timeout: 10_000 }).toBeGreaterThan(2);
    strike.lift();
    expect(await saga.closed()).toMatchObject({ status: 'compensated', audit: [] });
  });

  it.each(['retry', 'skip', 'resolve'] as const)(
    'S6: that is asked meanwhile takes an operator: %s',
    BUSY,
    async (action) => {
      const order = await anOrder(bench.shop, DECLINED);
      const id = `fulfilOrder:${order.orderId}`;
      const strike = away('shipping', id, { fault: 'down', op: 'seal' });
      const saga = await bench.start('fulfilOrder', order);
      await saga.until(({ status }) => status === 'parked');
      if (action === 'retry') strike.lift();
      await saga.act(action, { step: 'seal:shipping' });
      const view = await saga.closed();
      expect(view).toMatchObject({ status: 'compensated', audit: [{ action, step: 'seal:shipping' }] });
    },
  );
});

describe('a semantic lock', () => {
  it('S5: is undone when all others are: while one of them is parked it is not', BUSY, async () => {
    const order = await anOrder(bench.shop, ABROAD);
    const id = `fulfilOrder:${order.orderId}`;
    const strike = away('inventory', id, { fault: 'down', op: 'undo', step: 'reserveStock' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.until(({ status }) => status === 'parked');
    expect(dischargeOf(view, 'authorizePayment')).toBe('compensated');
    expect(view.steps[0]).toMatchObject({ name: 'acceptOrder', discharge: null, undo: null });
    strike.lift();
    await saga.retry('reserveStock');
    await saga.closed();
    expect(askedOf(id, 'undo').at(-1)).toMatchObject({ step: 'acceptOrder' });
  });

  it('S5: that was taken after others is undone after them all the same', BUSY, async () => {
    const order = await anOrder(bench.shop);
    const view = await (await bench.start('locksLate', order, USUAL)).closed();
    expect(view.status).toBe('compensated');
    expect(askedOf(view.id, 'undo').map(({ step }) => step)).toEqual(['reserveStock', 'acceptOrder']);
  });
});

describe('whom it can concern', () => {
  it('S1 S7: after the word of an operator about the pivot every participant is sealed', BUSY, async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    away('payments', id, { fault: 'cut', op: 'do', step: 'capturePayment' });
    away('payments', id, { fault: 'down', op: 'settle', step: 'capturePayment' });
    const saga = await bench.start('fulfilOrder', order);
    await saga.until(({ status }) => status === 'parked');
    await saga.act('resolve', { step: 'capturePayment', outcome: 'not-done' });
    expect((await saga.closed()).status).toBe('compensated');
    expect(askedOf(id, 'seal').map(({ service }) => service)).toContain('notifications');
  });

  /** Without a pivot: its mail has been sent, and its reset run knows nothing of that. */
  const resetToBeforeThePoint = async () => {
    const order = await anOrder(bench.shop);
    const id = `withoutPivot:${order.orderId}`;
    const last = away('notifications', id, { fault: 'held-answer', op: 'do', step: 'notifyCustomer' });
    const saga = await bench.start('withoutPivot', order, USUAL);
    await expect.poll(() => last.holds(), { timeout: 15_000 }).toBe(1);
    const down = away('inventory', id, { fault: 'down', op: 'do', step: 'reserveStock' });
    const { runId } = (await saga.handle.describe()) as { runId: string };
    await bench.client.workflowService.resetWorkflowExecution({
      namespace: bench.namespace,
      workflowExecution: { workflowId: saga.id, runId },
      reason: 'a test',
      requestId: `reset-${order.orderId}`,
      workflowTaskFinishEventId: 4 as never,
    });
    last.release();
    await expect.poll(() => down.struck(), { timeout: 15_000 }).toBeGreaterThan(3);
    return { order, id, saga };
  };

  it(
    'S8: without a pivot, a run that was reset undoes nothing before those have answered who know whether the point was passed',
    BUSY,
    async () => {
      const { order, id, saga } = await resetToBeforeThePoint();
      const strike = away('notifications', id, { fault: 'down', op: 'seal' });
      await saga.handle.cancel();
      const sealed = () => askedOf(id, 'seal').map(({ at }) => at);
      await expect.poll(sealed, { timeout: 15_000 }).not.toEqual([]);
      await expect.poll(() => Date.now() - Math.min(...sealed()), { timeout: 15_000 }).toBeGreaterThan(6_000);
      expect((await saga.view()).status).toBe('compensating');
      expect(askedOf(id, 'undo')).toEqual([]);
      strike.lift();
      const view = await saga.until(({ status }) => status === 'parked');
      expect(view.steps.at(-1)).toMatchObject({ name: 'flow', state: 'parked' });
      await saga.act('resolve', { step: 'flow', output: 'by hand' });
      expect((await saga.closed()).status).toBe('completed');
      expect((await effectsOf(bench.shop, order)).reservations).toEqual(['reserved']);
    },
  );

  it(
    'S8: without a pivot, a retriable step that is done parks as flow: nothing goes forward through what is sealed, and nothing is skipped',
    BUSY,
    async () => {
      const { order, id, saga } = await resetToBeforeThePoint();
      await saga.handle.cancel();
      const view = await saga.until(({ status }) => status === 'parked');
      expect(view.steps.at(-1)).toMatchObject({ name: 'flow', state: 'parked' });
      expect(askedOf(id, 'undo')).toEqual([]);
      for (const action of ['retry', 'skip'] as const) {
        await expect(saga.act(action, { step: 'flow' })).rejects.toMatchObject({ cause: { type: 'NotAllowed' } });
      }
      await saga.act('resolve', { step: 'flow', output: 'by hand' });
      expect(await saga.closed()).toMatchObject({ status: 'completed', result: 'by hand', cause: null });
      expect((await effectsOf(bench.shop, order)).reservations).toEqual(['reserved']);
    },
  );
});
