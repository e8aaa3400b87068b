import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedCalls } from '../../packages/testing/src/reading/read-history.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const stepOf = (view: Awaited<ReturnType<Awaited<ReturnType<SagaBench['start']>>['view']>>, id: string) =>
  view.steps.find(({ name, instance }) => (instance === null ? name : `${name}:${instance}`) === id);

describe('a flow going forward', () => {
  it('S2: repeats what is unavailable, within the budget, and counts the attempts', { retry: 1 }, async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const fault = bench.shop.proxies.inventory.strike({
      fault: 'down',
      saga,
      op: 'do',
      step: 'reserveStock',
      times: 2,
    });
    // patient: on a busy machine the answer to the third may take longer than the fast lane of a short attempt
    const times = { steps: { '*': { attempt: 10_000, budget: 60_000 } } };
    const view = await (await bench.start('fulfilOrder', order, { times })).closed();

    expect(fault.struck()).toBe(2);
    expect(view.status).toBe('completed');
    const { seen } = bench.shop.proxies.inventory;
    const asked = seen.filter(({ op, key }) => op === 'do' && key === `${saga}/reserveStock`);
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(stepOf(view, 'reserveStock')).toMatchObject({ state: 'done', attempt: asked.length });
  });

  it('a version never comes twice: the repeats of a durable call that has ended go on counting', async () => {
    const order = await anOrder(bench.shop);
    const other = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const inTheFastLane = 3;
    const times = inTheFastLane + 2;
    bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'reserveStock', times });
    const [repeated, straight] = await Promise.all(
      [order, other].map(async (one) => (await bench.start('fulfilOrder', one)).closed()),
    );
    expect((repeated?.version ?? 0) - (straight?.version ?? 0)).toBeGreaterThanOrEqual(2);
  });

  it('S2: never repeats a refusal', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
    const saga = await bench.start('fulfilOrder', order);
    await saga.closed();
    const asked = bench.shop.proxies.payments.seen.filter(
      ({ op, key }) => op === 'do' && key === `${saga.id}/authorizePayment`,
    );
    expect(asked).toHaveLength(1);
  });

  it('S2: asks again when an answer was cut off, on both sides of the point, and does nothing twice', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const { shipping, inventory } = bench.shop.proxies;
    const cut = { fault: 'garbled', saga, op: 'do', times: 4 } as const;
    const faults = [
      shipping.strike({ ...cut, step: 'bookShipment' }),
      inventory.strike({ ...cut, step: 'shipStock', times: 1 }),
    ];
    const times = { steps: { '*': { attempt: 1_500, budget: 12_000 } } };
    const view = await (await bench.start('fulfilOrder', order, { times })).closed();

    expect(faults.map(({ struck }) => struck())).toEqual([4, 1]);
    expect(view).toMatchObject({ status: 'completed', cause: null });
    expect(stepOf(view, 'bookShipment')).toMatchObject({ state: 'done', attempt: 5 });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ shipments: ['booked'], reservations: ['shipped'] });
  });

  it('S2: takes an answer that was not agreed for unknown, and undoes the step', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.shipping.strike({ fault: 'not-agreed', saga, op: 'do', step: 'bookShipment' });
    const view = await (await bench.start('fulfilOrder', order)).closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookShipment', outcome: 'unknown' } });
    expect(stepOf(view, 'bookShipment')).toMatchObject({ state: 'unknown', attempt: 2, discharge: 'compensated' });
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['cancelled']);
  });

  it('S13: keeps what failed last when the time ran out', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.shipping.strike({ fault: 'down', saga, op: 'do', step: 'bookShipment' });
    const view = await (await bench.start('fulfilOrder', order)).closed();

    expect(view.cause).toMatchObject({ step: 'bookShipment', outcome: 'unknown', code: 'unknown' });
    expect(view.cause?.message).toContain('The service is down');
    expect(stepOf(view, 'bookShipment')?.attempt).toBeGreaterThan(1);
  });

  it('S2 S13: a budget shorter than its attempts holds, in both lanes together, and an attempt says itself that time ran out', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.shipping.strike({ fault: 'late', saga, op: 'do', step: 'bookShipment', delayMs: 6_000 });
    const budget = 2_500;
    const times = { steps: { '*': { undoBudget: 10_000 }, bookShipment: { attempt: 10_000, budget } } };
    const view = await (await bench.start('fulfilOrder', order, { times })).closed();

    expect(view.cause).toMatchObject({ step: 'bookShipment', outcome: 'unknown' });
    expect(view.cause?.message).toContain('no answer in time');
    const step = stepOf(view, 'bookShipment');
    expect(step?.discharge).toBe('nothing-to-undo');
    const took = Date.parse(step?.endedAt ?? '') - Date.parse(step?.startedAt ?? '');
    expect(took).toBeGreaterThan(budget / 2);
    expect(took).toBeLessThan(budget * 2);
  });

  it('S3: takes an expected refusal for the answer of its call, and goes on', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
    const view = await (await bench.start('secondCard', order)).closed();

    expect(view).toMatchObject({ status: 'completed', result: 'paid' });
    expect(stepOf(view, 'authorizePayment:first')).toMatchObject({ state: 'refused', discharge: 'nothing-to-undo' });
    expect(stepOf(view, 'authorizePayment:second')).toMatchObject({ state: 'done', discharge: 'kept' });
  });

  it('S3: a loop has one instance a thing, each with a key of its own, and all are undone', async () => {
    const order = await anOrder(bench.shop);
    const lines = [1, 2, 3].map((n) => ({ sku: `mug-${n}`, quantity: 1, unitPrice: n }));
    const saga = await bench.start('parcels', { ...order, lines });
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { step: null, code: 'too-many-parcels' } });
    expect(view.steps.map(({ instance, discharge }) => [instance, discharge])).toEqual([
      ['p-1', 'compensated'],
      ['p-2', 'compensated'],
      ['p-3', 'compensated'],
    ]);
    expect(bench.shop.proxies.shipping.seen.map(({ key }) => key)).toContain(`${saga.id}/bookShipment:p-2`);
  });

  it.each([
    ['swallows', 'an author who swallows a refusal does not stop recovery', 'refused'],
    ['forgets', 'a step that nobody awaits is awaited at the end', 'refused'],
    ['breaks', 'an error of the own code is undone like any other', 'error'],
    ['callsTwice', 'a second call without an instance is an error', 'error'],
    ['passesEarly', 'S8: the point of no return needs its pivot done', 'error'],
    ['mailsEarly', 'S8: a retriable step before the point is refused', 'error'],
  ])('S3: %s: %s', async (saga, _why, outcome) => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const view = await (await bench.start(saga, order)).closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { outcome } });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], notifications: [] });
  });

  it('S15: what is too large is never sent, and the saga is undone', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('tooMuch', order);
    const view = await saga.closed();

    expect(view).toMatchObject({ status: 'compensated', cause: { step: 'reserveStock', outcome: 'error' } });
    expect(bench.shop.proxies.inventory.seen.filter(({ key }) => key === `${saga.id}/reserveStock`)).toEqual([]);
  });

  it('S15: a result too large to be published is an error of the flow, and undone', async () => {
    const order = await anOrder(bench.shop);
    const view = await (await bench.start('saysTooMuch', order)).closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { outcome: 'error' }, result: null });
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });

  it('S8: without a pivot the point itself is one: past it the saga goes on until all is done', async () => {
    const order = await anOrder(bench.shop);
    const saga = `withoutPivot:${order.orderId}`;
    bench.shop.proxies.notifications.strike({ fault: 'down', saga, op: 'do', step: 'notifyCustomer', times: 1 });
    const view = await (await bench.start('withoutPivot', order)).closed();

    expect(view).toMatchObject({ status: 'completed', phase: 'retriable', result: 'told' });
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['reserved']);
  });

  it('S17: says in words what happens, by the step names', async () => {
    const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
    const saga = await bench.start('fulfilOrder', order);
    await saga.closed();
    const said = (await recordedCalls(saga.handle)).map(({ type, summary }) => `${type}: ${summary}`);
    const seals = said.splice(5, 4);
    expect(said).toEqual(
      [
        'acceptOrder: accept order',
        'reserveStock: reserve stock',
        'authorizePayment: authorize payment',
        'bookShipment: book shipment',
        'settleCapturePayment: settle capture payment',
        'undoAuthorizePayment: void authorization',
        'undoReserveStock: release stock',
        'undoAcceptOrder: release order',
        'engine:publishEvent: publish fulfilOrder.compensated.v1',
      ].toSorted((a, b) => said.indexOf(a) - said.indexOf(b)),
    );
    expect(seals.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'sealInventory: seal inventory',
      'sealOrders: seal orders',
      'sealPayments: seal payments',
      'sealShipping: seal shipping',
    ]);
    const details = await saga.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(details.currentDetails).toContain('| reserveStock | done | done | compensated |');
  });

  it('S17: is found by its search attributes', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
    const saga = await bench.start('fulfilOrder', order);
    await saga.closed();
    const { searchAttributes } = await saga.handle.describe();
    expect(searchAttributes).toMatchObject({ SagaStatus: ['compensated'], SagaKey: [order.orderId] });
  });
});
