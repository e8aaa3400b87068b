import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import * as sagas from '../../contracts/sagas.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { hangs } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';
import { shopSagas } from '../the-shop.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const facts = ({ steps }: SagaView) => steps.map(({ name, kind, service, lane }) => ({ name, kind, service, lane }));

describe('POST /sagas/{saga}', () => {
  it.each(['bookParcels', 'cancelParcels'])('a saga that only sagas start is 404: %s', async (saga) => {
    const response = await way.post(`/sagas/${saga}`, (sagas as Record<string, { example: unknown }>)[saga]?.example);
    expect(await readProblem(response)).toMatchObject({ httpStatus: 404, type: 'not-found' });
    expect(shopSagas.catalog.get(saga)?.startedBy).toBe('sagas');
    expect(shopSagas.catalog.get('fulfilOrder')?.startedBy).toBe('anybody');
  });

  it('answers 202 with where the saga is and its initial view, which the running saga confirms', async () => {
    const order = way.newOrder();
    const response = await way.post('/sagas/fulfilOrder', order);
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/sagas/fulfilOrder:${order.orderId}`);
    expect(response.headers.get('idempotent-replayed')).toBeNull();
    expect(response.headers.get('preference-applied')).toBeNull();
    expect(response.headers.get('etag')).toBe(`"${view.version}"`);
    expect(view).toMatchObject({
      id: `fulfilOrder:${order.orderId}`,
      status: 'running',
      version: 0,
      closedAt: null,
      input: order,
    });

    const later = await way.until(view.id, ({ status }) => status === 'completed');
    const { id, saga, key, startedAt, deadlineAt, trigger, input } = view;
    expect(later).toMatchObject({ id, saga, key, startedAt, deadlineAt, trigger, input });
    expect(facts(later)).toEqual(facts(view));
  });

  it('E3: the same input again is the same saga: 202 while open, 200 once closed, Idempotent-Replayed', async () => {
    const order = way.newOrder();
    const { id } = await way.start(order, { authorizePayment: hangs });
    const open = await way.post('/sagas/fulfilOrder', order);
    expect([open.status, open.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    expect(open.headers.get('location')).toBe(`/sagas/${id}`);
    expect(SagaView.parse(await open.json()).id).toBe(id);

    await way.post(`/sagas/${id}/cancel`, { reason: 'enough' });
    await way.until(id, ({ closedAt }) => closedAt !== null);
    const closed = await way.post('/sagas/fulfilOrder', { ...order });
    expect([closed.status, closed.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(SagaView.parse(await closed.json()).status).toBe('cancelled');
  });

  it('E3: twenty equal starts at once are one saga, and each is told of it', async () => {
    const order = way.newOrder();
    const responses = await Promise.all(Array.from({ length: 20 }, () => way.post('/sagas/fulfilOrder', order)));
    expect(responses.every(({ status }) => status === 200 || status === 202)).toBe(true);
    expect(responses.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  });

  it('E3: another input under the same key is a conflict, and the first saga stands', async () => {
    const order = way.newOrder();
    const { id } = await way.start(order);
    const response = await way.post('/sagas/fulfilOrder', { ...order, customerId: 'somebody-else' });
    expect(response.headers.get('location')).toBe(`/sagas/${id}`);
    expect(await readProblem(response)).toMatchObject({ httpStatus: 409, type: 'conflict' });
    expect((await way.until(id, ({ status }) => status === 'completed')).input).toEqual(order);
  });

  it('the order of members does not make another input', async () => {
    const order = way.newOrder();
    await way.start(order);
    const response = await way.post('/sagas/fulfilOrder', Object.fromEntries(Object.entries(order).toReversed()));
    expect(response.headers.get('idempotent-replayed')).toBe('true');
  });

  it('Prefer: wait=10 answers 200 with the end when it comes in time', async () => {
    const response = await way.post('/sagas/fulfilOrder', way.newOrder(), { prefer: 'respond-async, wait=10' });
    const view = SagaView.parse(await response.json());
    expect([response.status, response.headers.get('preference-applied')]).toEqual([200, 'wait=10']);
    expect(view).toMatchObject({ status: 'completed', result: { trackingNumber: 'T1' } });
    expect(view.closedAt).not.toBeNull();
  });

  it('Prefer: wait=1 answers 202 with the view of now when the end does not come in time', async () => {
    const order = way.newOrder();
    way.rescript(`fulfilOrder:${order.orderId}`, { authorizePayment: hangs });
    const before = Date.now();
    const response = await way.post('/sagas/fulfilOrder', order, { prefer: 'wait=1' });
    expect(Date.now() - before).toBeGreaterThan(900);
    expect([response.status, response.headers.get('preference-applied')]).toEqual([202, 'wait=1']);
    const view = SagaView.parse(await response.json());
    expect(view.steps.find(({ name }) => name === 'authorizePayment')?.state).toBe('running');
  });

  it.each([
    ['a saga that is not', '/sagas/nothing', '{}', 404, 'not-found'],
    ['a name of every object', '/sagas/constructor', '{}', 404, 'not-found'],
    ['a body that is not JSON', '/sagas/fulfilOrder', '{"orderId":', 400, 'not-json'],
    ['a body over the limit', '/sagas/fulfilOrder', `"${'x'.repeat(70_000)}"`, 413, 'too-large'],
    ['a malformed %', '/sagas/%E0%A4%A', '{}', 400, 'bad-request'],
  ])('refuses %s', async (_, path, body, httpStatus, type) => {
    expect(
      await readProblem(
        await way.request(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        }),
      ),
    ).toMatchObject({ httpStatus, type });
  });

  it('refuses bad input with the list of paths, and starts nothing', async () => {
    const order = { ...way.newOrder(), lines: [{ sku: 'mug', quantity: 0, unitPrice: 1 }] };
    const problem = await readProblem(await way.post('/sagas/fulfilOrder', order));
    expect(problem).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'lines.0.quantity' }] });
    expect((await way.request(`/sagas/fulfilOrder:${order.orderId}`)).status).toBe(404);
  });

  it.each(['a/b', '', 'x'.repeat(129), 'o#1', "o' OR '1'='1"])('refuses the key %j', async (orderId) => {
    const problem = await readProblem(await way.post('/sagas/fulfilOrder', { ...way.newOrder(), orderId }));
    expect(problem).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'orderId' }] });
  });
});
