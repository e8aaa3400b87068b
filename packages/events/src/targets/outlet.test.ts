import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../runtime/src/log.ts';
import { startReceiver, type Receiver } from '../../../testing/src/reading/event-receiver.ts';
import { newEvent } from '../edge/new-event.ts';
import { handOut, openOutlet, type Outlet } from './outlet.ts';

let api: Receiver;
let orders: Receiver;
let outlet: Outlet;
beforeEach(async () => {
  [api, orders] = await Promise.all([startReceiver(), startReceiver()]);
  const receivers = [
    { name: 'api', url: api.url, types: ['test.order.cancel-requested.v1'] },
    { name: 'orders', url: orders.url, types: ['test.order.cancel-requested.v1', 'fulfilOrder.cancelled.v1'] },
  ];
  outlet = await openOutlet({ natsUrl: undefined, receivers }, createLog('test', 'silent'));
});
afterEach(async () => {
  await outlet.close();
  await Promise.all([api, orders].map((one) => one.stop().catch(() => undefined)));
});

const cancel = () =>
  newEvent({
    id: 'cancel',
    type: 'test.order.cancel-requested.v1',
    source: '/test',
    subject: 'o-1',
    data: { orderId: 'o-1', reason: 'why' },
  });

const end = () =>
  newEvent({
    id: 'fulfilOrder:o-1/cancelled',
    type: 'fulfilOrder.cancelled.v1',
    source: '/amends/sagas',
    subject: 'o-1',
    data: {
      sagaId: 'fulfilOrder:o-1',
      saga: 'fulfilOrder',
      key: 'o-1',
      status: 'cancelled',
      result: null,
      cause: null,
      at: new Date().toISOString(),
    },
  });

describe('handing an event out without a broker', () => {
  it('E8: an event goes to each receiver that takes its type, and to no other', async () => {
    await handOut(outlet, end(), 'an-id');
    await handOut(outlet, cancel(), 'an-id');
    expect([api.took, orders.took]).toEqual([['cancel'], ['fulfilOrder:o-1/cancelled', 'cancel']]);
  });

  it('E8: a receiver that is away keeps the event from no other, and is no success', async () => {
    await orders.stop();
    await expect(handOut(outlet, cancel(), 'an-id')).rejects.toThrow(/^orders did not answer: .*ECONNREFUSED/);
    expect(api.took).toEqual(['cancel']);
    await orders.start();
    await handOut(outlet, cancel(), 'an-id');
    expect([api.took, orders.took]).toEqual([['cancel', 'cancel'], ['cancel']]);
  });

  it('E8: nor does the first of them keep it from the others', async () => {
    await api.stop();
    await expect(handOut(outlet, cancel(), 'an-id')).rejects.toThrow(/^api did not answer: /);
    expect(orders.took).toEqual(['cancel']);
  });

  it('E8: a final refusal of a saga’s own event is an error that says why, again and again, and no loss', async () => {
    orders.answer = () => [422, 'not like this'];
    for (let n = 0; n < 3; n += 1) {
      await expect(handOut(outlet, end(), 'an-id')).rejects.toThrow('orders answered 422: not like this');
    }
    orders.answer = () => [202];
    await handOut(outlet, end(), 'an-id');
    expect(orders.took).toEqual(['fulfilOrder:o-1/cancelled']);
  });

  it('E8: what several receivers say is told together', async () => {
    api.answer = () => [503];
    orders.answer = () => [400, 'no'];
    await expect(handOut(outlet, cancel(), 'an-id')).rejects.toThrow('api answered 503; orders answered 400: no');
  });
});
