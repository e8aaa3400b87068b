import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSaga } from '@amends/testing';
import { stage } from '../testing/stage.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../testing/saga-bench.ts';
import { fulfilOrder } from './fulfil-order.ts';

let bench: SagaBench;
const NOTHING = { reservations: [], payments: [], shipments: [], notifications: [] };

describeSaga(fulfilOrder, stage);

describe('fulfilOrder', () => {
  beforeAll(async () => {
    bench = await startSagaBench();
  });
  afterAll(() => bench.close());

  it('S1 S8: ends completed with every effect once', async () => {
    const order = await anOrder(bench.shop);
    const view = await (await bench.start('fulfilOrder', order)).closed();

    expect(view).toMatchObject({ status: 'completed', phase: 'retriable', cause: null });
    expect(view.steps.map(({ name, state, discharge }) => `${name} ${state} ${discharge}`)).toEqual([
      'acceptOrder done kept',
      'reserveStock done kept',
      'authorizePayment done kept',
      'bookShipment done kept',
      'capturePayment done kept',
      'shipStock done kept',
      'notifyCustomer done kept',
    ]);
    expect(await effectsOf(bench.shop, order)).toEqual({
      reservations: ['shipped'],
      payments: ['captured'],
      shipments: ['booked'],
      notifications: ['order-confirmed'],
    });
    expect(bench.published.filter(({ data }) => data.key === order.orderId)).toEqual([
      expect.objectContaining({ id: `fulfilOrder:${order.orderId}/completed`, type: 'fulfilOrder.completed.v1' }),
    ]);
  });

  it.each([
    { paymentToken: 'tok_declined', step: 'authorizePayment', code: 'declined' },
    { paymentToken: 'tok_expired', step: 'authorizePayment', code: 'expired' },
    { shipTo: { country: 'KP' }, step: 'bookShipment', code: 'country-not-served' },
    { lines: [{ sku: 'nobody-has-it', quantity: 1, unitPrice: 1 }], step: 'reserveStock', code: 'out-of-stock' },
  ])(
    'S3 S16: is undone when $step is refused ($code), and closes in Temporal as failed with the cause',
    async ({ step, code, ...changes }) => {
      const order = await anOrder(bench.shop, changes);
      const saga = await bench.start('fulfilOrder', order);
      const view = await saga.closed();

      expect(view).toMatchObject({ status: 'compensated', cause: { step, outcome: 'refused', code } });
      const left = await effectsOf(bench.shop, order);
      for (const states of Object.values(left)) {
        for (const state of states) expect(['released', 'voided', 'cancelled']).toContain(state);
      }
      const { status } = await saga.handle.describe();
      expect(status.name).toBe('FAILED');
      await expect(saga.handle.result()).rejects.toMatchObject({
        cause: { type: 'SagaCompensated', message: `compensated: ${step} refused (${code})` },
      });
    },
  );

  it('S2: charges once when the answer of a card is lost', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_answer_lost' });
    const view = await (await bench.start('fulfilOrder', order)).closed();

    expect(view.status).toBe('completed');
    expect(view.steps.find(({ name }) => name === 'authorizePayment')).toMatchObject({ attempt: 2, state: 'done' });
    expect((await effectsOf(bench.shop, order)).payments).toEqual(['captured']);
  });

  it('S9 S16: undoes everything on cancel and closes as cancelled', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ steps }) => steps.find(({ name }) => name === 'reserveStock')?.state === 'done');
    await saga.cancel();
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'cancelled', cause: { outcome: 'cancelled', code: 'cancelled' } });
    expect(view.audit).toEqual([expect.objectContaining({ actor: 'ann', action: 'cancel' })]);
    const { payments, ...others } = await effectsOf(bench.shop, order);
    expect(others).toEqual({ ...NOTHING, payments: undefined, reservations: ['released'] });
    expect(payments.every((state) => state === 'voided')).toBe(true);
    expect((await saga.handle.describe()).status.name).toBe('CANCELLED');
  });
});
