import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newEvent } from '../../packages/events/src/edge/new-event.ts';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { hangs } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const placed = (data = way.newOrder()) =>
  newEvent({ type: 'shop.order.placed.v1', source: '/test', subject: data.orderId, data });
const cancelOf = (orderId: string) =>
  newEvent({
    type: 'shop.order.cancel-requested.v1',
    source: '/test',
    subject: orderId,
    data: { orderId, reason: 'the customer changed their mind' },
  });
const structured = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };
const send = (body: unknown, headers: Record<string, string> = structured) => way.post('/events', body, headers);
const counts = { accepted: 0, duplicate: 0, ignored: 0, late: 0 };

describe('POST /events', () => {
  it('E1: starts the saga of a structured event, which says what triggered it', async () => {
    const event = placed();
    const response = await send(event);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      ...counts,
      accepted: 1,
      results: [{ index: 0, id: event.id, outcome: 'accepted', problem: null }],
    });
    const view = await way.until(`fulfilOrder:${event.subject}`, ({ status }) => status === 'completed');
    expect(view.trigger).toEqual({ kind: 'event', id: event.id, type: event.type, source: '/test' });
  });

  it('E1: takes an event in binary mode', async () => {
    const order = way.newOrder();
    const headers = {
      'ce-id': randomUUID(),
      'ce-source': '/test',
      'ce-type': 'shop.order.placed.v1',
      'ce-specversion': '1.0',
    };
    const response = await send(order, { 'content-type': 'application/json', ...headers });
    expect(await response.json()).toMatchObject({ ...counts, accepted: 1 });
  });

  it('E3: the same data again, by event or by HTTP, is a duplicate; other data of the same key a conflict', async () => {
    const order = way.newOrder();
    await send(placed(order));
    expect(await (await send(placed(order))).json()).toMatchObject({ ...counts, duplicate: 1 });
    const overHttp = await way.post('/sagas/fulfilOrder', order);
    expect(overHttp.headers.get('idempotent-replayed')).toBe('true');
    const other = await send(placed({ ...order, customerId: 'somebody-else' }));
    expect(await readProblem(other)).toMatchObject({ httpStatus: 409, type: 'conflict' });
  });

  it('E4: cancels by event; past the end it is late; before its order it is taken, and the order starts cancelled', async () => {
    const overtaken = way.newOrder();
    expect(await (await send(cancelOf(overtaken.orderId))).json()).toMatchObject({ ...counts, accepted: 1 });
    const started = await way.post('/sagas/fulfilOrder', overtaken);
    expect([started.status, started.headers.get('idempotent-replayed')]).toEqual([202, null]);
    const born = await way.until(`fulfilOrder:${overtaken.orderId}`, ({ closedAt }) => closedAt !== null);
    expect(born).toMatchObject({ status: 'cancelled', input: overtaken, trigger: { kind: 'http' } });
    const again = await way.post('/sagas/fulfilOrder', overtaken);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect((await way.post('/sagas/fulfilOrder', { ...overtaken, customerId: 'c-2' })).status).toBe(409);

    const order = way.newOrder();
    const { id } = await way.start(order, { acceptOrder: hangs });
    expect(await (await send(cancelOf(order.orderId))).json()).toMatchObject({ ...counts, accepted: 1 });
    const view = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect([view.status, view.audit[0]?.actor]).toEqual(['cancelled', '/test']);

    const done = await way.start(way.newOrder());
    await way.until(done.id, ({ closedAt }) => closedAt !== null);
    expect(await (await send(cancelOf(done.key))).json()).toMatchObject({ ...counts, late: 1 });
  });

  it('takes the good events of a batch in every case, and says what became of each', async () => {
    const good = placed();
    const bad = { ...placed(), id: 'bad', data: { orderId: 'o-1' } };
    const nobody = { ...placed(), type: 'shop.nothing.happened.v1' };
    const response = await send([good, bad, nobody, good], batch);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const body = (await response.json()) as { results: { outcome: string }[] };
    expect(body).toMatchObject({ ...counts, accepted: 1, duplicate: 1, type: 'urn:amends:invalid', status: 422 });
    expect(body.results.map(({ outcome }) => outcome)).toEqual(['accepted', 'invalid', 'invalid', 'duplicate']);
    expect(body.results[1]).toMatchObject({ index: 1, id: 'bad', problem: { type: 'urn:amends:invalid' } });
    const view = await way.request(`/sagas/fulfilOrder:${good.subject}`);
    expect(SagaView.parse(await view.json()).id).toBe(`fulfilOrder:${good.subject}`);
  });

  it('answers a batch of nothing and an event that does nothing', async () => {
    expect(await (await send([], batch)).json()).toEqual({ ...counts, results: [] });
    const at = new Date().toISOString();
    const data = {
      sagaId: 'fulfilOrder:o-1',
      saga: 'fulfilOrder',
      key: 'o-1',
      status: 'completed',
      result: {},
      cause: null,
      at,
    } as const;
    const ended = newEvent({ type: 'fulfilOrder.completed.v1', source: '/amends/sagas', subject: 'o-1', data });
    expect(await (await send(ended)).json()).toMatchObject({ ...counts, ignored: 1 });
  });

  it.each([
    ['what is not JSON', '{"id":', structured, 400, 'not-json'],
    ['a batch that is not JSON', '[', batch, 400, 'not-json'],
    ['JSON that is no CloudEvent', '{"orderId":"o-1"}', structured, 415, 'not-cloudevent'],
    ['plain JSON', '{"orderId":"o-1"}', { 'content-type': 'application/json' }, 415, 'not-cloudevent'],
    ['no content type', 'hello', {}, 415, 'unsupported-type'],
    ['what is too large', `"${'x'.repeat(70_000)}"`, structured, 413, 'too-large'],
  ])('refuses %s', async (_, body, headers, httpStatus, type) => {
    const response = await way.request('/events', { method: 'POST', body, headers });
    expect(await readProblem(response)).toMatchObject({ httpStatus, type });
  });

  it('says 422 with the path of what is wrong in an event, and 405 to GET', async () => {
    const response = await send({ ...placed(), data: { ...way.newOrder(), lines: [] } });
    const problem = await readProblem(response);
    expect(problem).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'data.lines' }] });
    const get = await way.request('/events');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
