import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { returnOrder } from '../../contracts/sagas.ts';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const approved = { decision: 'approved', reason: 'within thirty days' };
const denied = { decision: 'denied', reason: 'worn' };

/** A return that waits for a person's approval. */
const waiting = async (): Promise<string> => {
  const response = await way.post('/sagas/returnOrder', { ...returnOrder.example, orderId: `o-${randomUUID()}` });
  const { id } = SagaView.parse(await response.json());
  await way.until(id, ({ steps }) => steps.some(({ kind, state }) => kind === 'approval' && state === 'running'));
  return id;
};

describe('POST /sagas/{id}/approvals/{name}', () => {
  it('S11: an approval is on record, and the saga goes on by itself', async () => {
    const id = await waiting();
    const response = await way.post(`/sagas/${id}/approvals/approveReturn`, approved);
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(202);
    expect(response.headers.get('etag')).toBe(`"${view.version}"`);
    expect(view.audit).toMatchObject([
      { actor: 'anonymous', action: 'approve', step: 'approveReturn', reason: approved.reason },
    ]);
    await way.until(id, ({ steps }) => steps.some(({ name, state }) => name === 'sendLabel' && state === 'done'));
    await way.client.workflow.getHandle(id).terminate();
  });

  it('S11: a denial ends the return as compensated', async () => {
    const id = await waiting();
    expect((await way.post(`/sagas/${id}/approvals/approveReturn`, denied)).status).toBe(202);
    const ended = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(ended).toMatchObject({ status: 'compensated', cause: { outcome: 'refused', code: 'return-denied' } });
  });

  it('is taken once: a repeat under the same Idempotency-Key is answered again, another answer is too late', async () => {
    const id = await waiting();
    const path = `/sagas/${id}/approvals/approveReturn`;
    const headers = { 'idempotency-key': randomUUID() };
    for (let times = 0; times < 2; times++) expect((await way.post(path, approved, headers)).status).toBe(202);
    const late = await readProblem(await way.post(path, denied));
    expect(late).toMatchObject({ httpStatus: 409, type: 'not-waiting' });
    expect((await way.until(id, () => true)).audit).toHaveLength(1);
    await way.client.workflow.getHandle(id).terminate();
  });

  it('of two persons at once one decides', async () => {
    const id = await waiting();
    const path = `/sagas/${id}/approvals/approveReturn`;
    const both = await Promise.all([way.post(path, approved), way.post(path, denied)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    await way.client.workflow
      .getHandle(id)
      .terminate()
      .catch(() => {});
  });

  it('S6: the same Idempotency-Key with another decision is refused, and the first stands', async () => {
    const id = await waiting();
    const path = `/sagas/${id}/approvals/approveReturn`;
    const key = { 'idempotency-key': randomUUID() };
    expect((await way.post(path, approved, key)).status).toBe(202);
    expect((await way.post(path, approved, key)).status).toBe(202);
    const other = await readProblem(await way.post(path, { ...approved, decision: 'denied' }, key));
    expect(other).toMatchObject({ httpStatus: 422, type: 'key-mismatch' });
    const { audit } = await way.until(id, () => true);
    expect(audit.map(({ action }) => action)).toEqual(['approve']);
    await way.client.workflow
      .getHandle(id)
      .terminate()
      .catch(() => {});
  });

  it('If-Match guards it: another version is 412 and nothing happens', async () => {
    const id = await waiting();
    const path = `/sagas/${id}/approvals/approveReturn`;
    const problem = await readProblem(await way.post(path, approved, { 'if-match': '"0"' }));
    expect(problem).toMatchObject({ httpStatus: 412, type: 'version-mismatch' });
    const { audit, version } = await way.until(id, () => true);
    expect(audit).toEqual([]);
    expect((await way.post(path, denied, { 'if-match': `"${version}"` })).status).toBe(202);
  });

  it('answers 404 to a saga or an approval that is not', async () => {
    const id = await waiting();
    for (const path of [
      '/sagas/returnOrder:nobody/approvals/approveReturn',
      '/sagas/fulfilOrder:o-1/approvals/approveReturn',
      `/sagas/${id}/approvals/sendLabel`,
      `/sagas/${id}/approvals/nonsense`,
    ]) {
      expect(await readProblem(await way.post(path, approved))).toMatchObject({ httpStatus: 404, type: 'not-found' });
    }
    await way.client.workflow.getHandle(id).terminate();
  });

  it('is refused once the saga has ended', async () => {
    const id = await waiting();
    await way.post(`/sagas/${id}/cancel`, { reason: 'kept after all' });
    await way.until(id, ({ closedAt }) => closedAt !== null);
    const problem = await readProblem(await way.post(`/sagas/${id}/approvals/approveReturn`, approved));
    expect(problem).toMatchObject({ httpStatus: 409, type: 'closed' });
    const other = await readProblem(await way.post(`/sagas/${id}/approvals/nonsense`, approved));
    expect(other).toMatchObject({ httpStatus: 404, type: 'not-found' });
  });

  it.each([
    ['no JSON', 'x', 400, 'not-json'],
    ['no decision', '{"reason":"x"}', 422, 'invalid'],
    ['a decision that is none', '{"reason":"x","decision":"perhaps"}', 422, 'invalid'],
    ['no reason', '{"decision":"approved"}', 422, 'invalid'],
    ['what it does not know', '{"reason":"x","decision":"approved","by":"me"}', 422, 'invalid'],
  ])('refuses a body with %s', async (_, body, httpStatus, type) => {
    const path = '/sagas/returnOrder:o-1/approvals/approveReturn';
    const response = await way.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await readProblem(response)).toMatchObject({ httpStatus, type });
  });
});
