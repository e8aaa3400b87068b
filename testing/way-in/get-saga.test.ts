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

const step = ({ steps }: SagaView, name: string) => steps.find((one) => one.name === name);

describe('GET /sagas/{id}', () => {
  it('shows a closed saga, with when it closed', async () => {
    const { id } = await way.start(way.newOrder());
    const view = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(view).toMatchObject({ status: 'completed', cause: null, result: { trackingNumber: 'T1' } });
    expect(Date.parse(view.closedAt ?? '')).toBeGreaterThan(Date.parse(view.startedAt));
  });

  it('S13: shows a compensated saga and what failed first; Failed in Temporal is not killed', async () => {
    const { id } = await way.start(way.newOrder(), { authorizePayment: refuses('declined') });
    const view = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(view).toMatchObject({
      status: 'compensated',
      cause: { step: 'authorizePayment', outcome: 'refused', code: 'declined' },
    });
  });

  it('shows attempts and the last failure of a call that is still tried, and each is a version of its own', async () => {
    const { id } = await way.start(way.newOrder(), { acceptOrder: isAway() });
    const second = await way.until(id, (view) => (step(view, 'acceptOrder')?.attempt ?? 0) >= 2);
    const third = await way.until(id, (view) => (step(view, 'acceptOrder')?.attempt ?? 0) >= 3);
    expect(step(second, 'acceptOrder')).toMatchObject({ state: 'running', error: 'the service is away' });
    expect(third.version).toBeGreaterThan(second.version);
    await way.client.workflow.getHandle(id).terminate();
  });

  it('S14: shows a terminated saga as killed', async () => {
    const { id } = await way.start(way.newOrder(), { authorizePayment: hangs });
    const open = await way.until(id, (view) => step(view, 'authorizePayment')?.state === 'running');
    await way.client.workflow.getHandle(id).terminate('a test');
    const view = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(view.status).toBe('killed');
    expect(view.version).toBeGreaterThan(open.version);
  });

  it('its version is a strong ETag: 304 to the version that is known, 200 after a change', async () => {
    const { id } = await way.start(way.newOrder(), { authorizePayment: hangs });
    const view = await way.until(
      id,
      (one) => step(one, 'reserveStock')?.state === 'done' && step(one, 'authorizePayment')?.state === 'running',
    );
    const etag = `"${view.version}"`;
    const ask = (known: string) => way.request(`/sagas/${id}`, { headers: { 'if-none-match': known } });
    expect((await way.request(`/sagas/${id}`)).headers.get('etag')).toBe(etag);
    const known = await ask(etag);
    expect([known.status, known.headers.get('etag'), await known.text()]).toEqual([304, etag, '']);
    expect((await ask(`"0", W/${etag}`)).status).toBe(304);
    expect((await ask('"0"')).status).toBe(200);
    await way.post(`/sagas/${id}/cancel`, { reason: 'enough' });
    expect((await ask(etag)).status).toBe(200);
  });

  it('reads an id whose colon came encoded', async () => {
    const { id } = await way.start(way.newOrder());
    const response = await way.request(`/sagas/${encodeURIComponent(id)}`);
    expect(SagaView.parse(await response.json()).id).toBe(id);
  });

  it.each([
    'fulfilOrder:nobody',
    'nothing:o-1',
    'nonsense',
    'constructor:o-1',
    'recover:fulfilOrder:o-1',
    'fulfilOrder:',
  ])('answers 404 to %s', async (id) => {
    expect(await readProblem(await way.request(`/sagas/${id}`))).toMatchObject({ httpStatus: 404, type: 'not-found' });
  });

  it('answers 404 to a workflow that is no saga, whatever its id', async () => {
    const id = `fulfilOrder:${way.newOrder().orderId}`;
    const handle = await way.client.workflow.start('somethingElse', { workflowId: id, taskQueue: 'nobody' });
    expect((await way.request(`/sagas/${id}`)).status).toBe(404);
    expect((await way.post(`/sagas/${id}/cancel`, { reason: 'x' })).status).toBe(404);
    await handle.terminate();
  });

  it('answers 400 to a malformed %, and 405 with Allow to another method', async () => {
    expect(await readProblem(await way.request('/sagas/%zz'))).toMatchObject({ httpStatus: 400, type: 'bad-request' });
    const put = await way.request('/sagas/fulfilOrder:o-1', { method: 'PUT' });
    expect(put.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST']);
    expect(await readProblem(put)).toMatchObject({ httpStatus: 405, type: 'method-not-allowed' });
  });
});
