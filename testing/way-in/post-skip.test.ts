import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'the goods were handed over in person' };

/** A saga that is parked at shipStock. */
const parked = async (): Promise<SagaView> => {
  const { id } = await way.start(way.newOrder(), { shipStock: garbles });
  return way.until(id, ({ status }) => status === 'parked');
};

describe('POST /sagas/{id}/steps/{step}/skip', () => {
  it('S6: goes on without a parked step; the act is on record and the saga ends by itself', async () => {
    const { id } = await parked();
    const response = await way.post(`/sagas/${id}/steps/shipStock/skip`, because);
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(202);
    expect(response.headers.get('etag')).toBe(`"${view.version}"`);
    expect(view.audit).toMatchObject([{ actor: 'anonymous', action: 'skip', step: 'shipStock', ...because }]);
    const ended = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(ended.status).toBe('completed');
    expect(ended.steps.find(({ name }) => name === 'shipStock')).toMatchObject({ discharge: 'skipped' });
  });

  it('S6: of two operators at once, also one who retries, one is taken', async () => {
    for (const guarded of [false, true]) {
      const { id, version } = await parked();
      const headers: Record<string, string> = guarded ? { 'if-match': `"${version}"` } : {};
      const answers = await Promise.all(
        ['skip', 'retry', 'skip', 'resolve'].map((act) =>
          way.post(`/sagas/${id}/steps/shipStock/${act}`, because, headers),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 202)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409 || status === 412)).toHaveLength(3);
      const { audit } = SagaView.parse(await (await way.request(`/sagas/${id}`)).json());
      expect(audit).toHaveLength(1);
    }
  });

  it('S6: the same Idempotency-Key skips once, is answered again, and is none for another act', async () => {
    const { id, version } = await parked();
    const headers = { 'idempotency-key': randomUUID(), 'if-match': `"${version}"` };
    for (let times = 0; times < 2; times++) {
      const response = await way.post(`/sagas/${id}/steps/shipStock/skip`, because, headers);
      expect(response.status).toBe(202);
      expect(SagaView.parse(await response.json()).audit).toHaveLength(1);
      await way.until(id, ({ closedAt }) => closedAt !== null);
    }
    const other = await way.post(`/sagas/${id}/steps/shipStock/retry`, because, headers);
    expect(await readProblem(other)).toMatchObject({ httpStatus: 422, type: 'key-mismatch' });
  });

  it('S6: a parked pivot cannot be skipped: it is told so, and nothing happens', async () => {
    const { id } = await way.start(way.newOrder(), { capturePayment: garbles, settleCapturePayment: garbles });
    const { version } = await way.until(id, ({ status }) => status === 'parked');
    const problem = await readProblem(await way.post(`/sagas/${id}/steps/capturePayment/skip`, because));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'not-allowed' });
    expect((await way.until(id, () => true)).version).toBe(version);
    await way.client.workflow.getHandle(id).terminate();
  });

  it('is refused for a step that is not parked, with another version, and once the saga has ended', async () => {
    const { id, version } = await parked();
    for (const step of ['reserveStock', 'seal:inventory', 'flow', 'nonsense']) {
      const problem = await readProblem(await way.post(`/sagas/${id}/steps/${step}/skip`, because));
      expect(problem).toMatchObject({ httpStatus: 409, type: 'not-parked' });
    }
    const path = `/sagas/${id}/steps/shipStock/skip`;
    const stale = await readProblem(await way.post(path, because, { 'if-match': `"${version - 1}"` }));
    expect(stale).toMatchObject({ httpStatus: 412, type: 'version-mismatch' });
    await way.post(path, because);
    await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(await readProblem(await way.post(path, because))).toMatchObject({ httpStatus: 409, type: 'closed' });
  });

  it('answers 404 to a saga that is not, and 405 with Allow to another method', async () => {
    const path = '/sagas/fulfilOrder:nobody/steps/shipStock/skip';
    expect(await readProblem(await way.post(path, because))).toMatchObject({ httpStatus: 404, type: 'not-found' });
    const put = await way.request(path, { method: 'PUT' });
    expect(put.headers.get('allow')).toBe('POST');
    expect(await readProblem(put)).toMatchObject({ httpStatus: 405, type: 'method-not-allowed' });
  });

  it.each([
    ['no JSON', 'x', {}, 400, 'not-json'],
    ['no reason', '{}', {}, 422, 'invalid'],
    ['what it does not know', '{"reason":"x","input":{}}', {}, 422, 'invalid'],
    ['a broken Idempotency-Key', '{"reason":"x"}', { 'idempotency-key': 'a b' }, 400, 'key-invalid'],
  ])('refuses a request with %s', async (_, body, headers, httpStatus, type) => {
    const path = '/sagas/fulfilOrder:o-1/steps/shipStock/skip';
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
