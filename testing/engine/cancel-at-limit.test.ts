import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CancelMessage } from '../../packages/contracts/src/saga-messages.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 60_000;
const PATIENT = { times: { steps: { '*': { attempt: 30_000, budget: 120_000 } } } };
/** So long a pivot that may begin is not kept waiting. */
const A_WHILE_MS = 1_000;

/**
 * A saga whose run has come to its limit while a call is slow, and stays so until it is released. Its pivot wants to begin, and waits for the
 * next run: until then it has not begun (S20).
 */
const pivotAtTheLimit = async () => {
  const order = await anOrder(bench.shop);
  const id = `paysAtTheLimit:${order.orderId}`;
  const slow = bench.shop.proxies.shipping.strike({ fault: 'held', saga: id, op: 'do', step: 'bookShipment:slow' });
  const saga = await bench.start('paysAtTheLimit', order, PATIENT);
  await saga.until(({ steps }) => steps.some(({ instance, state }) => instance === 'p-5' && state === 'done'));
  await new Promise((resolve) => setTimeout(resolve, A_WHILE_MS));
  const { phase, steps } = await saga.view();
  expect([phase, steps.find(({ kind }) => kind === 'pivot')?.state]).toEqual(['compensable', 'pending']);
  expect((await effectsOf(bench.shop, order)).payments).toEqual(['authorized']);
  return { order, saga, slow };
};

const allUndone = { payments: ['voided'], shipments: Array<string>(5).fill('cancelled') };

/** Captures an order's payment as its saga would, in a workflow task that was lost with all it knew. */
const captureUnknown = async (orderId: string): Promise<void> => {
  const { items } = (await bench.shop.get('payments', `/payments?orderId=${orderId}`)) as {
    items: { paymentId: string }[];
  };
  const paymentId = items[0]?.paymentId;
  const answer = await fetch(`${bench.shop.urls.payments}/payments/${paymentId}/capture`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `paysAtTheLimit:${orderId}/capturePayment`,
      'saga-started': new Date().toISOString(),
    },
    body: JSON.stringify({ paymentId }),
  });
  expect(answer.status).toBe(200);
};

describe('a run that has come to its limit, with its pivot to begin', { timeout: LONG_MS }, () => {
  it('S18 S20: the pivot begins in the next run, once what is slow has ended', async () => {
    const { order, saga, slow } = await pivotAtTheLimit();
    const { runId } = await saga.handle.describe();
    slow.release();
    expect(await saga.closed()).toMatchObject({ status: 'completed', result: 'paid', cause: null });
    expect((await saga.handle.describe()).runId).not.toBe(runId);
    expect((await effectsOf(bench.shop, order)).payments).toEqual(['captured']);
  });

  it('S18 S9: a cancel finds a pivot that has not begun, and waits neither for it nor for what is slow', async () => {
    const { order, saga, slow } = await pivotAtTheLimit();
    await saga.cancel();
    const view = await saga.closed();
    expect(slow.holds()).toBe(1);
    expect(view).toMatchObject({ status: 'cancelled', audit: [{ actor: 'ann', action: 'cancel' }] });
    expect(await effectsOf(bench.shop, order)).toMatchObject(allUndone);
    slow.release();
  });

  it('S18 S9: nor does one sent straight to Temporal, which is on record in the run that ends', async () => {
    const { order, saga, slow } = await pivotAtTheLimit();
    await saga.handle.cancel();
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'cancelled', audit: [{ actor: 'temporal', action: 'cancel' }] });
    expect(await effectsOf(bench.shop, order)).toMatchObject(allUndone);
    slow.release();
  });

  it('S18 S9 S7: a cancel by event is handled to its end before the next run: where the pivot was done all the same, it is told as late', async () => {
    const { order, saga, slow } = await pivotAtTheLimit();
    await captureUnknown(order.orderId);
    const event = { specversion: '1.0', type: 'a.cancel.v1', source: '/test', id: randomUUID(), data: {} };
    const message: CancelMessage = { actor: '/test', reason: 'why', event: { event, at: 'AMENDS_EVENTS 7' } };
    await saga.handle.signal<[CancelMessage]>('cancel', message);
    await saga.until(({ phase }) => phase === 'retriable');
    slow.release();
    expect(await saga.closed()).toMatchObject({ status: 'completed', result: 'paid', cause: null });
    expect(bench.toldLate).toMatchObject([{ saga: saga.id, why: 'past-pivot', event: { id: event.id } }]);
  });
});
