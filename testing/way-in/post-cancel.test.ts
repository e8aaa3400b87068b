import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { hangs, isAway, refuses } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'the customer changed their mind' };
const isRunning =
  (name: string) =>
  ({ steps }: SagaView): boolean =>
    steps.some((step) => step.name === name && step.state === 'running');

describe('POST /sagas/{id}/cancel', () => {
  it('S9: undoes everything; the act is on record with actor and reason', async () => {
    const { id } = await way.start(way.newOrder(), { authorizePayment: hangs });
    await way.until(id, isRunning('authorizePayment'));
    const response = await way.post(`/sagas/${id}/cancel`, because);
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(202);
    expect(response.headers.get('etag')).toBe(`"${view.version}"`);
    expect(view.audit).toMatchObject([{ actor: 'anonymous', action: 'cancel', ...because }]);

    const ended = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(ended).toMatchObject({ status: 'cancelled', cause: { outcome: 'cancelled' } });
    expect((await way.client.workflow.getHandle(id).describe()).status.name).toBe('CANCELLED');
  });

  it('again it is 202, once on record, also after the saga has ended cancelled', async () => {
    const { id } = await way.start(way.newOrder(), { authorizePayment: hangs });
    await way.until(id, isRunning('authorizePayment'));
    const both = await Promise.all([
      way.post(`/sagas/${id}/cancel`, because),
      way.post(`/sagas/${id}/cancel`, because),
    ]);
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    await way.until(id, ({ closedAt }) => closedAt !== null);
    const late = await way.post(`/sagas/${id}/cancel`, because);
    expect(late.status).toBe(202);
    const view = SagaView.parse(await late.json());
    expect([view.status, view.audit.filter(({ action }) => action === 'cancel').length]).toEqual(['cancelled', 1]);
  });

  it('S9: past the pivot it is refused, and the saga goes on', async () => {
    const { id } = await way.start(way.newOrder(), { notifyCustomer: hangs });
    await way.until(id, ({ phase }) => phase === 'retriable');
    const problem = await readProblem(await way.post(`/sagas/${id}/cancel`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'past-pivot' });
    await way.client.workflow.getHandle(id).terminate();
  });

  it('S9: while the saga is undone for another cause it is refused, with the cause', async () => {
    const { id } = await way.start(way.newOrder(), {
      bookShipment: refuses('country-not-served'),
      undoReserveStock: isAway(2),
    });
    await way.until(id, ({ status }) => status === 'compensating');
    const problem = await readProblem(await way.post(`/sagas/${id}/cancel`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'undoing' });
    expect(problem.detail).toContain('bookShipment refused (country-not-served)');
    const { status, audit } = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect([status, audit]).toEqual(['compensated', []]);
  });

  it('S9: while the pivot is in flight the answer waits for its outcome', async () => {
    const { id } = await way.start(way.newOrder(), { capturePayment: isAway(2) });
    await way.until(id, ({ phase }) => phase === 'pivot');
    const problem = await readProblem(await way.post(`/sagas/${id}/cancel`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'past-pivot' });
    const { status, audit } = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect([status, audit]).toEqual(['completed', []]);
  });

  it('S9: a pivot that takes longer than anybody waits is 503, and the caller learns that the cancel was taken', async () => {
    const { id } = await way.start(way.newOrder(), { capturePayment: hangs });
    await way.until(id, ({ phase }) => phase === 'pivot');
    const response = await way.post(`/sagas/${id}/cancel`, because);
    expect(response.headers.get('retry-after')).toBe('1');
    const problem = await readProblem(response);
    expect(problem).toMatchObject({ httpStatus: 503, type: 'unavailable' });
    expect(problem.detail).toContain('the saga has taken the cancel');
    await way.client.workflow.getHandle(id).terminate();
  }, 60_000);

  it('is refused once the saga has ended otherwise', async () => {
    const { id } = await way.start(way.newOrder());
    await way.until(id, ({ closedAt }) => closedAt !== null);
    const problem = await readProblem(await way.post(`/sagas/${id}/cancel`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'closed' });
  });

  it('answers 404 to a saga that is not', async () => {
    const problem = await readProblem(await way.post('/sagas/fulfilOrder:nobody/cancel', because));
    expect(problem).toMatchObject({ httpStatus: 404, type: 'not-found' });
  });

  it.each([
    ['no JSON', 'reason', 400, 'not-json'],
    ['no reason', '{}', 422, 'invalid'],
    ['an empty reason', '{"reason":"  "}', 422, 'invalid'],
    ['what it does not know', '{"reason":"x","force":true}', 422, 'invalid'],
  ])('refuses a body with %s', async (_, body, httpStatus, type) => {
    const response = await way.request('/sagas/fulfilOrder:o-1/cancel', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await readProblem(response)).toMatchObject({ httpStatus, type });
  });
});
