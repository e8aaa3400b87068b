import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles, refuses } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'the warehouse is back' };
const isParked = ({ status }: SagaView): boolean => status === 'parked';

/** A saga that is parked at shipStock, whose service has come back since. */
const parked = async (): Promise<SagaView> => {
  const { id } = await way.start(way.newOrder(), { shipStock: garbles });
  const view = await way.until(id, isParked);
  way.rescript(id, {});
  return view;
};

describe('POST /sagas/{id}/steps/{step}/retry', () => {
  it('S6: takes a parked step up again; the act is on record and the saga goes on by itself', async () => {
    const { id, steps } = await parked();
    expect(steps.find(({ name }) => name === 'shipStock')).toMatchObject({ state: 'parked' });
    const response = await way.post(`/sagas/${id}/steps/shipStock/retry`, because);
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(202);
    expect(response.headers.get('etag')).toBe(`"${view.version}"`);
    expect(view.audit).toMatchObject([{ actor: 'anonymous', action: 'retry', step: 'shipStock', ...because }]);
    expect((await way.until(id, ({ closedAt }) => closedAt !== null)).status).toBe('completed');
  });

  it('S6: the same Idempotency-Key takes effect once, and is answered again, also past the end and with an old If-Match', async () => {
    const { id, version } = await parked();
    const headers = { 'idempotency-key': randomUUID(), 'if-match': `"${version}"` };
    expect((await way.post(`/sagas/${id}/steps/shipStock/retry`, because, headers)).status).toBe(202);
    await way.until(id, ({ closedAt }) => closedAt !== null);
    const again = await way.post(`/sagas/${id}/steps/shipStock/retry`, because, headers);
    expect(again.status).toBe(202);
    const { audit, status } = SagaView.parse(await again.json());
    expect([audit.length, status]).toEqual([1, 'completed']);
  });

  it('S6: the same Idempotency-Key with another input is refused, also of a saga that has ended, and the first stands', async () => {
    const { id } = await parked();
    const headers = { 'idempotency-key': randomUUID() };
    const path = `/sagas/${id}/steps/shipStock/retry`;
    const first = { ...because, input: { reservationId: 'r-1' } };
    expect((await way.post(path, first, headers)).status).toBe(202);
    for (const other of [because, { ...because, input: { reservationId: 'r-2' } }]) {
      const problem = await readProblem(await way.post(path, other, headers));
      expect(problem).toMatchObject({ httpStatus: 422, type: 'key-mismatch' });
    }
    const again = await way.post(path, { input: { reservationId: 'r-1' }, reason: 'in other words' }, headers);
    expect(again.status).toBe(202);
    const { audit } = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(audit).toHaveLength(1);
    expect((await way.post(path, because, headers)).status).toBe(422);
  });

  it('the same Idempotency-Key for another step is refused, and says so', async () => {
    const { id } = await parked();
    const headers = { 'idempotency-key': randomUUID() };
    expect((await way.post(`/sagas/${id}/steps/shipStock/retry`, because, headers)).status).toBe(202);
    for (const more of [{}, { 'if-match': '"1"' }]) {
      const other = await way.post(`/sagas/${id}/steps/bookShipment/retry`, because, { ...headers, ...more });
      expect(await readProblem(other)).toMatchObject({ httpStatus: 422, type: 'key-mismatch' });
    }
  });

  it('If-Match guards against two operators: another version is 412 and nothing happens', async () => {
    const { id, version } = await parked();
    const retry = (etag: string) => way.post(`/sagas/${id}/steps/shipStock/retry`, because, { 'if-match': etag });
    for (const etag of [`"${version - 1}"`, `W/"${version}"`, 'nonsense']) {
      expect(await readProblem(await retry(etag))).toMatchObject({ httpStatus: 412, type: 'version-mismatch' });
    }
    expect((await way.until(id, isParked)).version).toBe(version);
    expect((await retry(`"1", "${version}"`)).status).toBe(202);
    expect(await readProblem(await retry(`"${version}"`))).toMatchObject({ httpStatus: 412, type: 'version-mismatch' });
  });

  it('S6: a corrected input that is not as the contract says is refused with its paths, and the saga is unharmed', async () => {
    const { id, version } = await parked();
    const path = `/sagas/${id}/steps/shipStock/retry`;
    for (const input of [{}, { reservationId: 7 }, [], null, 'r-1']) {
      const problem = await readProblem(await way.post(path, { ...because, input }));
      expect(problem).toMatchObject({
        httpStatus: 422,
        type: 'invalid',
        errors: [{ path: expect.stringMatching(/^input/) }],
      });
    }
    expect((await way.until(id, isParked)).version).toBe(version);
    const response = await way.post(path, { ...because, input: { reservationId: 'r-2' } });
    expect(response.status).toBe(202);
    expect((await way.until(id, ({ closedAt }) => closedAt !== null)).status).toBe('completed');
  });

  it('S6: of an undo a corrected input is any object', async () => {
    const { id } = await way.start(way.newOrder(), {
      authorizePayment: refuses('declined'),
      undoReserveStock: garbles,
    });
    await way.until(id, isParked);
    way.rescript(id, {});
    const path = `/sagas/${id}/steps/reserveStock/retry`;
    for (const input of [[], null, 'r-1', 7]) {
      const problem = await readProblem(await way.post(path, { ...because, input }));
      expect(problem).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'input' }] });
    }
    expect((await way.post(path, { ...because, input: { note: 'to the other shelf' } })).status).toBe(202);
    expect((await way.until(id, ({ closedAt }) => closedAt !== null)).status).toBe('compensated');
  });

  it('S6: where nothing is to be corrected an input is no act for the step', async () => {
    const { id } = await way.start(way.newOrder(), { capturePayment: garbles, settleCapturePayment: garbles });
    await way.until(id, isParked);
    const path = `/sagas/${id}/steps/capturePayment/retry`;
    const problem = await readProblem(await way.post(path, { ...because, input: { paymentId: 'p-2' } }));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'not-allowed' });
    const other = await readProblem(await way.post(`/sagas/${id}/steps/reserveStock/retry`, { ...because, input: {} }));
    expect(other).toMatchObject({ httpStatus: 409, type: 'not-parked' });
    await way.client.workflow.getHandle(id).terminate();
  });

  it('is refused for a step that is not parked', async () => {
    const { id } = await parked();
    for (const step of ['reserveStock', 'seal:inventory', 'nonsense']) {
      const problem = await readProblem(await way.post(`/sagas/${id}/steps/${step}/retry`, because));
      expect(problem).toMatchObject({ httpStatus: 409, type: 'not-parked' });
    }
    await way.post(`/sagas/${id}/steps/shipStock/retry`, because);
    await way.until(id, ({ closedAt }) => closedAt !== null);
    const problem = await readProblem(await way.post(`/sagas/${id}/steps/shipStock/retry`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'closed' });
  });

  it('answers 404 to a saga that is not, with If-Match and without', async () => {
    for (const headers of [{}, { 'if-match': '"1"' }, { 'if-match': '*' }]) {
      const response = await way.post('/sagas/fulfilOrder:nobody/steps/shipStock/retry', because, headers);
      expect(await readProblem(response)).toMatchObject({ httpStatus: 404, type: 'not-found' });
    }
  });

  it.each([
    ['no JSON', 'x', {}, 400, 'not-json'],
    ['no reason', '{}', {}, 422, 'invalid'],
    ['what it does not know', '{"reason":"x","output":{}}', {}, 422, 'invalid'],
    ['a broken Idempotency-Key', '{"reason":"x"}', { 'idempotency-key': 'a b' }, 400, 'key-invalid'],
    ["the cancel's own id as Idempotency-Key", '{"reason":"x"}', { 'idempotency-key': 'cancel' }, 400, 'key-invalid'],
  ])('refuses a request with %s', async (_, body, headers, httpStatus, type) => {
    const path = '/sagas/fulfilOrder:o-1/steps/shipStock/retry';
    expect(
      await readProblem(
        await way.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }),
      ),
    ).toMatchObject({
      httpStatus,
      type,
    });
  });
});
