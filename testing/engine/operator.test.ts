import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const parked = ({ status }: { status: string }): boolean => status === 'parked';

describe('a parked saga', () => {
  it('S6: an undo that fails parks in plain sight, the others go on (S5), and a retry ends it', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'undo', step: 'reserveStock' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.until((now) => parked(now) && now.steps[2]?.discharge === 'compensated');

    expect(view.steps.find(({ name }) => name === 'reserveStock')).toMatchObject({
      discharge: null,
      undo: { state: 'parked', error: expect.stringContaining('The service is down') },
    });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ payments: ['voided'], reservations: ['reserved'] });
    expect((await saga.handle.describe()).searchAttributes).toMatchObject({
      SagaStatus: ['parked'],
      SagaStep: ['reserveStock'],
    });
    expect(bench.published.map((event) => event.id)).toContainEqual(
      expect.stringMatching(new RegExp(`^${id}/parked/\\d{13,}$`)),
    );

    fault.lift();
    await saga.retry('reserveStock');
    const ended = await saga.closed();
    expect(ended).toMatchObject({
      status: 'compensated',
      cause: { step: 'bookShipment', code: 'country-not-served' },
      audit: [{ actor: 'ann', action: 'retry', step: 'reserveStock', reason: 'a test' }],
    });
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });

  it('S6: a participant that cannot be sealed parks as seal:<service>; the others are undone meanwhile', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.shipping.strike({ fault: 'down', saga: id, op: 'seal' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.until((now) => parked(now) && now.steps[1]?.discharge === 'compensated');

    expect(view.steps.find(({ name }) => name === 'seal:shipping')).toMatchObject({ state: 'parked' });
    expect((await effectsOf(bench.shop, order)).reservations.every((state) => state === 'released')).toBe(true);
    fault.lift();
    await saga.retry('seal:shipping');
    const ended = await saga.closed();
    expect(ended.status).toBe('compensated');
    expect(ended.steps.map(({ name }) => name)).not.toContain('seal:shipping');
  });

  it('S6: a seal retried while another is still being tried holds back no undo', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const id = `fulfilOrder:${order.orderId}`;
    const { shipping, orders } = bench.shop.proxies;
    shipping.strike({ fault: 'refused', saga: id, op: 'seal', code: 'not-here', times: 1 });
    const faults = [shipping, orders].map((proxy) => proxy.strike({ fault: 'down', saga: id, op: 'seal' }));
    const saga = await bench.start('fulfilOrder', order);
    await saga.until(({ steps }) => steps.some(({ name }) => name === 'seal:shipping'));
    await saga.retry('seal:shipping');
    await saga.until(({ steps }) => steps[1]?.discharge === 'compensated');
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
    await saga.until(({ steps }) => steps.filter(({ name }) => name.startsWith('seal:')).length === 2);
    for (const { lift } of faults) lift();
    for (const step of ['seal:shipping', 'seal:orders']) await saga.retry(step);
    expect((await saga.closed()).status).toBe('compensated');
  });

  it('S3 S6: an undo whose input its author cannot make parks, and does not hold the saga up for ever', async () => {
    const order = await anOrder(bench.shop);
    const id = `forgetsTheUnknown:${order.orderId}`;
    bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'reserveStock' });
    const saga = await bench.start('forgetsTheUnknown', order);
    const view = await saga.until(parked);
    expect(view.steps[0]?.undo).toMatchObject({ state: 'parked', error: expect.stringContaining('reservationId') });
    await saga.handle.terminate('a test');
  });

  it('S7: a pivot that cannot be settled parks, and nothing is undone until it is', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const { payments } = bench.shop.proxies;
    payments.strike({ fault: 'answer-lost', saga: id, op: 'do', step: 'capturePayment' });
    const fault = payments.strike({ fault: 'down', saga: id, op: 'settle', step: 'capturePayment' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.until(parked);

    expect(view.steps.find(({ name }) => name === 'capturePayment')).toMatchObject({ state: 'parked' });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ shipments: ['booked'], reservations: ['reserved'] });
    fault.lift();
    await saga.retry('capturePayment');
    expect(await saga.closed()).toMatchObject({ status: 'completed', cause: null });
  });

  it('S8: a retriable step whose budget is used up parks, and goes on after a retry', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
    const saga = await bench.start('fulfilOrder', order);
    const view = await saga.until(parked);
    expect(view.steps.find(({ name }) => name === 'shipStock')).toMatchObject({ state: 'parked', discharge: null });
    fault.lift();
    await saga.retry('shipStock');
    expect(await saga.closed()).toMatchObject({ status: 'completed' });
  });

  it('S8: a retriable step that says so is skipped instead', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.notifications.strike({ fault: 'down', saga: id, op: 'do', step: 'notifyCustomer' });
    const view = await (await bench.start('fulfilOrder', order)).closed();
    expect(view.status).toBe('completed');
    expect(view.steps.at(-1)).toMatchObject({ state: 'skipped', discharge: 'skipped' });
  });

  it('S3: an error past the point of no return parks as flow; a retry runs the flow again, and nothing twice', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('breaksLate', order);
    const view = await saga.until(parked);
    expect(view.steps.at(-1)).toMatchObject({ name: 'flow', state: 'parked', error: 'no such thing' });
    await saga.retry('flow');
    await saga.until((now) => parked(now) && now.audit.length === 1);
    expect(await effectsOf(bench.shop, order)).toMatchObject({
      payments: ['captured'],
      notifications: ['order-confirmed'],
    });
    await saga.handle.terminate('a test');
  });

  it('S8: a compensable step past the pivot is refused at run time, and parks', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('reservesLate', order);
    const view = await saga.until(parked);
    expect(view.steps.at(-1)?.error).toContain('past the point of no return');
    expect((await effectsOf(bench.shop, order)).reservations).toEqual([]);
    await saga.handle.terminate('a test');
  });

  it('S6: a retry of a step that is not parked is refused, and the saga is unharmed', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await expect(saga.retry('reserveStock')).rejects.toMatchObject({ cause: { type: 'NotParked' } });
    await saga.cancel();
    expect(await saga.closed()).toMatchObject({ status: 'cancelled', audit: [{ action: 'cancel' }] });
  });
});

describe('an Update sent by hand', () => {
  it('that is malformed is refused with a reason, and the saga is unharmed', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
    const saga = await bench.start('fulfilOrder', order);
    await saga.until(parked);
    const step = 'shipStock';
    const malformed: [string, unknown[]][] = [
      ['cancel', []],
      ['cancel', [{}]],
      ['cancel', [{ reason: '' }]],
      ['retry', [step]],
      ['retry', [{ step, reason: 7 }]],
      ['retry', [{ step, reason: 'fixed', actor: {} }]],
      ['retry', [{ step, reason: 'fixed\u001B[2J' }]],
      ['retry', [{ step, reason: 'fixed \u202Eyb' }]],
      ['retry', [{ step, reason: 'fixed', actor: 'ann\u202E' }]],
      ['cancel', [{ reason: 'fixed', actor: 'ann\nbob' }]],
      ['retry', [{ reason: 'fixed' }]],
      ['retry', [{ step, reason: 'fixed', input: 'a mug' }]],
      ['retry', [{ step, reason: 'fixed', input: ['a mug'] }]],
      ['retry', [{ step, reason: 'fixed', input: { orderId: 'x'.repeat(1_850_000) } }]],
      ['skip', [null]],
      ['resolve', [{ step }]],
      ['approve', [{ name: 'nobody', reason: 'why not', decision: 'perhaps' }]],
    ];
    for (const [update, args] of malformed) {
      const sent = saga.handle.executeUpdate<unknown, [unknown]>(update, { args: args as [unknown] });
      await expect(sent, `${update} ${JSON.stringify(args).slice(0, 80)}`).rejects.toMatchObject({
        cause: { type: 'Malformed', message: expect.stringMatching(/./) },
      });
    }
    fault.lift();
    await saga.retry(step);
    expect(await saga.closed()).toMatchObject({ status: 'completed', audit: [{ action: 'retry', actor: 'ann' }] });
  });

  it('without an actor is taken for anonymous', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.handle.executeUpdate('cancel', { args: [{ reason: 'by hand' }] });
    expect(SagaView.parse(await saga.closed()).audit).toMatchObject([{ actor: 'anonymous', reason: 'by hand' }]);
  });
});
