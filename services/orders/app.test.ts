import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { consume } from '../../packages/events/src/broker/consumer.ts';
import type { KnownEvent } from '../../packages/events/src/edge/known-event.ts';
import { events } from '../../contracts/events.ts';
import { exampleOrder, OrderView, type Order } from '../../contracts/orders.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import type { Running } from '../../packages/runtime/src/process.ts';
import {
  startServiceUnderTest,
  type ServiceUnderTest,
} from '../../packages/testing/src/services/service-under-test.ts';
import { wireOrders } from './wiring.ts';

const run = crypto.randomUUID().slice(0, 8);
const published: KnownEvent[] = [];
let orders: ServiceUnderTest;
let listener: Running;
beforeAll(async () => {
  const natsUrl = inject('natsUrl');
  orders = await startServiceUnderTest('orders', (parts) => wireOrders(parts, { natsUrl, durable: `orders-${run}` }));
  listener = await consume({
    natsUrl,
    contracts: events,
    durable: `orders-test-${run}`,
    types: ['shop.order.placed.v1', 'shop.order.cancel-requested.v1'],
    handle: async (event) => {
      published.push(event);
      return 'taken';
    },
    log: createLog('listener', 'silent'),
  });
});
afterAll(async () => {
  await listener.close();
  await orders.close();
});

const newOrder = (name: string, change: Partial<Order> = {}): Order => ({
  ...exampleOrder,
  orderId: `${name}-${run}`,
  ...change,
});
const place = (order: Partial<Order>) => orders.ask('POST /orders', order);
const cancel = (orderId: string, reason = 'changed my mind') =>
  orders.ask(`POST /orders/${orderId}/cancel`, { reason });
const view = async (orderId: string) => OrderView.parse((await orders.ask(`GET /orders/${orderId}`)).json);
const key = (orderId: string, saga = 'fulfilOrder') => `${saga}:${orderId}/acceptOrder`;
const accept = (order: Order, saga?: string) =>
  orders.asSaga(key(order.orderId, saga), `/orders/${order.orderId}/accept`, order);
const undo = (order: Order) => orders.asSaga(key(order.orderId), '/saga-operations/undo');
const statuses = (of: OrderView) => of.history.map((entry) => entry.status);
const eventsOf = (orderId: string) => published.filter((event) => event.subject === orderId);
/** The machine may be busy. */
const soon = { timeout: 10_000 };
/** Long enough for a second event to come, were there one. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 600));

/** The ids of a whole list, page by page. */
const listAll = async (query: string) => {
  const ids: string[] = [];
  let cursor = '';
  for (let page = 0; page < 50; page++) {
    const { json } = await orders.ask(`GET /orders?limit=2&${query}&cursor=${cursor}`);
    const { items, next } = json as { items: OrderView[]; next: string | null };
    ids.push(...items.map((each) => OrderView.parse(each).orderId));
    if (next === null) return ids;
    cursor = next;
  }
  throw new Error('the list does not end');
};

describe('POST /orders', () => {
  it('places an order, and its event goes out with the order as its data', async () => {
    const order = newOrder('placed', { shipTo: { country: 'DE', city: 'Köln' } });
    const placed = await place(order);
    expect(placed).toMatchObject({ status: 201, json: { orderId: order.orderId, status: 'placed' } });
    expect(placed.headers.get('location')).toBe(`/orders/${order.orderId}`);
    expect(await view(order.orderId)).toEqual({
      orderId: order.orderId,
      status: 'placed',
      reason: null,
      trackingNumber: null,
      currency: 'EUR',
      lines: order.lines,
      total: 1800,
      history: [{ at: expect.stringMatching(/\.\d{3}Z$/), status: 'placed' }],
    });
    await expect
      .poll(() => eventsOf(order.orderId))
      .toMatchObject([
        { type: 'shop.order.placed.v1', source: '/services/orders', subject: order.orderId, data: order },
      ]);
  });

  it('gives an order an id when it has none', async () => {
    const { orderId: _, ...order } = newOrder('none');
    const { status, json } = await place(order);
    expect(status).toBe(201);
    const { orderId } = json as { orderId: string };
    expect(orderId).toMatch(/^[A-Za-z0-9._-]{1,120}$/);
    expect(await view(orderId)).toMatchObject({ status: 'placed' });
  });

  it.each(['o~2', 'o-'.padEnd(121, '1'), '..', ''])(
    'the id of an order is one that may be a key of a saga: %j is refused',
    async (orderId) => {
      const placed = await place(newOrder('given', { orderId }));
      expect(placed).toMatchObject({ status: 422, json: { errors: [{ path: 'orderId' }] } });
    },
  );

  it('says where a repeated order stands now, and tells nobody again; the order of members does not count', async () => {
    const order = newOrder('again');
    await place(order);
    await accept(order);
    const again = await place(Object.fromEntries(Object.entries(order).toReversed()));
    expect(again).toMatchObject({ status: 200, json: { orderId: order.orderId, status: 'accepted' } });
    await expect.poll(() => eventsOf(order.orderId), soon).toHaveLength(1);
    await settled();
    expect(eventsOf(order.orderId)).toHaveLength(1);
  });

  it('fault 35: of the same order placed many times at once one is new, and all are told of it', async () => {
    const order = newOrder('at-once');
    const answers = await Promise.all(Array.from({ length: 12 }, () => place(order)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(11);
    expect(await view(order.orderId)).toMatchObject({ lines: order.lines, history: [{ status: 'placed' }] });
  });

  it('fault 34: refuses other content under the same id: 409, and the first stays', async () => {
    const order = newOrder('other');
    await place(order);
    for (const other of [{ lines: [{ sku: 'mug', quantity: 3, unitPrice: 900 }] }, { paymentToken: 'tok_slow' }]) {
      expect(await place({ ...order, ...other })).toMatchObject({ status: 409, json: { type: 'urn:amends:conflict' } });
    }
    expect(await view(order.orderId)).toMatchObject({ lines: order.lines });
  });

  it.each([
    ['an id outside of the grammar', { orderId: 'a/b' }, 'orderId'],
    ['a quantity of zero', { lines: [{ sku: 'mug', quantity: 0, unitPrice: 1 }] }, 'lines.0.quantity'],
    ['a fraction of a penny', { lines: [{ sku: 'mug', quantity: 1, unitPrice: 0.5 }] }, 'lines.0.unitPrice'],
    ['a country that is no code', { shipTo: { country: 'Germany' } }, 'shipTo.country'],
    ['text that no database keeps', { customerId: 'a\0b' }, 'customerId'],
  ])('refuses %s: 422 with its path, and nothing is placed', async (_, wrong, path) => {
    const order = { ...newOrder('wrong'), ...wrong };
    expect(await place(order)).toMatchObject({ status: 422, json: { errors: [{ path }] } });
    expect(await orders.ask(`GET /orders/${newOrder('wrong').orderId}`)).toMatchObject({ status: 404 });
  });

  it('takes an address with any text that shows as what it is, and refuses one that does not: 422', async () => {
    const order = newOrder('odd', { shipTo: { country: 'DE', note: 'Łódź "3" ☂ <b>' } });
    expect(await place(order)).toMatchObject({ status: 201 });
    expect(await accept(order)).toMatchObject({ status: 200 });
    for (const shipTo of [{ note: '\0' }, { note: 'a\u202Eb' }, { note: '\uD800' }, { 'k\u0007': 'v' }]) {
      const hidden = newOrder('hidden', { shipTo: { country: 'DE', ...shipTo } });
      expect(await place(hidden)).toMatchObject({ status: 422 });
    }
  });

  it('says 400 to what is not JSON, and 413 to an order whose event would be too large to be sent', async () => {
    expect(await orders.ask('POST /orders', '{"orderId":')).toMatchObject({ status: 400 });
    const shipTo = Object.fromEntries(Array.from({ length: 2_050 }, (_, i) => [`k${i}`, 'x'.repeat(485)]));
    const order = newOrder('large', { shipTo: { ...shipTo, country: 'DE' } });
    expect(await place(order)).toMatchObject({ status: 413, json: { type: 'urn:amends:too-large' } });
    expect(await orders.ask(`GET /orders/${order.orderId}`)).toMatchObject({ status: 404 });
  });
});

describe('GET /orders', () => {
  it('says 404 of an order that is not there, and 422 of an id that cannot be', async () => {
    expect(await orders.ask('GET /orders/nobody')).toMatchObject({
      status: 404,
      json: { type: 'urn:amends:not-found' },
    });
    expect(await orders.ask('GET /orders/a%20b')).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'orderId' }] },
    });
  });

  it('lists orders newest first, by status, in pages that neither repeat nor miss one', async () => {
    const names = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'].map((name) => newOrder(name));
    for (const order of names) await place(order);
    for (const order of names.slice(0, 3)) await accept(order);
    const ids = await listAll('');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.slice(0, 5)).toEqual(names.map((order) => order.orderId).toReversed());
    const accepted = await listAll('status=accepted');
    expect(accepted.slice(0, 3)).toEqual(['p-3', 'p-2', 'p-1'].map((name) => `${name}-${run}`));
    expect(await listAll('status=placed')).not.toContain(`p-1-${run}`);
  });

  it.each(['.', '..'])('refuses %s as an id: no URL could name it', async (orderId) => {
    const placed = await orders.ask('POST /orders', { ...exampleOrder, orderId });
    expect(placed).toMatchObject({ status: 422, json: { errors: [{ path: 'orderId' }] } });
  });

  it('refuses a cursor of another filter, and a status that is none', async () => {
    const { json } = await orders.ask('GET /orders?limit=1');
    const { next } = json as { next: string };
    expect(await orders.ask(`GET /orders?limit=1&cursor=${next}`)).toMatchObject({ status: 200 });
    expect(await orders.ask(`GET /orders?status=placed&cursor=${next}`)).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'cursor' }] },
    });
    expect(await orders.ask('GET /orders?status=lost')).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'status' }] },
    });
  });
});

describe('acceptOrder', () => {
  it('is a lock: an accepted order is nobody else’s, and its undo makes it placed again and tells nobody', async () => {
    const order = newOrder('lock');
    await place(order);
    const total = { amount: 1800, currency: 'EUR' };
    expect(await accept(order)).toMatchObject({ status: 200, json: { total } });
    expect(await accept(order, 'otherSaga')).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:refused:not-placed' },
    });
    expect(await accept(order)).toMatchObject({ status: 200, json: { total } });
    expect(await view(order.orderId)).toMatchObject({ status: 'accepted' });
    expect((await undo(order)).status).toBe(200);
    expect(statuses(await view(order.orderId))).toEqual(['placed', 'accepted', 'placed']);
    expect(await accept(order, 'thirdSaga')).toMatchObject({ status: 200 });
    await settled();
    expect(eventsOf(order.orderId).map((event) => event.type)).toEqual(['shop.order.placed.v1']);
  });

  it('creates an order that was never placed, and tells nobody', async () => {
    const order = newOrder('straight');
    expect(await accept(order)).toMatchObject({ status: 200 });
    expect(await view(order.orderId)).toMatchObject({ status: 'accepted', lines: order.lines, total: 1800 });
    expect(await place(order)).toMatchObject({ status: 200, json: { status: 'accepted' } });
    await settled();
    expect(eventsOf(order.orderId)).toEqual([]);
  });

  it('refuses other content than was placed: not-placed', async () => {
    const order = newOrder('content');
    await place(order);
    expect(await accept({ ...order, paymentToken: 'tok_slow' })).toMatchObject({
      status: 409,
      json: { type: 'urn:amends:refused:not-placed' },
    });
    expect(statuses(await view(order.orderId))).toEqual(['placed']);
  });
});

describe('POST /orders/{orderId}/cancel', () => {
  it('asks for it once, however often it is asked: 202, one event', async () => {
    const order = newOrder('cancel');
    await place(order);
    const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(order.orderId)));
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 202, 202]);
    expect(await cancel(order.orderId, 'another reason')).toMatchObject({
      status: 202,
      json: { orderId: order.orderId, status: 'placed' },
    });
    await expect.poll(() => eventsOf(order.orderId).length, soon).toBe(2);
    await settled();
    expect(eventsOf(order.orderId)).toMatchObject([
      { type: 'shop.order.placed.v1' },
      { type: 'shop.order.cancel-requested.v1', data: { orderId: order.orderId, reason: 'changed my mind' } },
    ]);
  });

  it('says 404 of an unknown order, 422 without a reason, 400 without JSON', async () => {
    expect(await cancel('nobody')).toMatchObject({ status: 404, json: { type: 'urn:amends:not-found' } });
    const order = newOrder('no-reason');
    await place(order);
    expect(await cancel(order.orderId, '')).toMatchObject({ status: 422, json: { errors: [{ path: 'reason' }] } });
    expect(await orders.ask(`POST /orders/${order.orderId}/cancel`)).toMatchObject({ status: 400 });
    expect(await orders.ask('POST /orders/a%2Fb/cancel', { reason: 'x' })).toMatchObject({ status: 422 });
  });
});
