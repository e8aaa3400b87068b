import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles, refuses, type Script } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'done by hand' };
const shippedAt = '2026-01-31T08:26:00.000Z';

const parked = async (script: Script): Promise<SagaView> => {
  const { id } = await way.start(way.newOrder(), script);
  return way.until(id, ({ status }) => status === 'parked');
};
const step = ({ steps }: SagaView, name: string) => steps.find((one) => one.name === name);

describe('POST /sagas/{id}/steps/{step}/resolve', () => {
  it("S6: takes a person's word with what the step gave; the saga goes on by itself", async () => {
    const { id } = await parked({ shipStock: garbles });
    const response = await way.post(`/sagas/${id}/steps/shipStock/resolve`, { ...because, output: { shippedAt } });
    const view = SagaView.parse(await response.json());
    expect(response.status).toBe(202);
    expect(response.headers.get('etag')).toBe(`"${view.version}"`);
    expect(view.audit).toMatchObject([{ actor: 'anonymous', action: 'resolve', step: 'shipStock', ...because }]);
    const ended = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect([ended.status, step(ended, 'shipStock')?.discharge]).toEqual(['completed', 'resolved']);
  });

  it('an output that is not as the contract says is refused with its paths, and nothing happens', async () => {
    const { id, version } = await parked({ shipStock: garbles });
    const path = `/sagas/${id}/steps/shipStock/resolve`;
    for (const output of [{ shippedAt: 'yesterday' }, {}, 'shipped', null]) {
      const problem = await readProblem(await way.post(path, { ...because, output }));
      expect(problem).toMatchObject({
        httpStatus: 422,
        type: 'invalid',
        errors: [{ path: expect.stringMatching(/^output/) }],
      });
    }
    expect((await way.until(id, () => true)).version).toBe(version);
    expect((await way.post(path, because)).status).toBe(202);
  });

  it('S6: of a parked undo it needs no output and takes none', async () => {
    const { id } = await parked({ authorizePayment: refuses('declined'), undoReserveStock: refuses('no') });
    const path = `/sagas/${id}/steps/reserveStock/resolve`;
    const given = await readProblem(await way.post(path, { ...because, output: {} }));
    expect(given).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'output' }] });
    expect((await way.post(path, because)).status).toBe(202);
    const ended = await way.until(id, ({ closedAt }) => closedAt !== null);
    expect([ended.status, step(ended, 'reserveStock')?.discharge]).toEqual(['compensated', 'resolved']);
  });

  it.each([
    ['done', 'completed'],
    ['not-done', 'compensated'],
  ])('S7: of a pivot it has to be said whether it was done: %s', async (outcome, status) => {
    const { id } = await parked({ capturePayment: garbles, settleCapturePayment: garbles });
    const path = `/sagas/${id}/steps/capturePayment/resolve`;
    const unsaid = await readProblem(await way.post(path, because));
    expect(unsaid).toMatchObject({ httpStatus: 422, type: 'invalid', errors: [{ path: 'outcome' }] });
    expect((await way.post(path, { ...because, outcome })).status).toBe(202);
    expect((await way.until(id, ({ closedAt }) => closedAt !== null)).status).toBe(status);
  });

  it('is refused for a step that is not parked, with and without an output, and once the saga has ended', async () => {
    const { id } = await parked({ shipStock: garbles });
    for (const body of [because, { ...because, output: {} }, { ...because, outcome: 'done' }]) {
      const problem = await readProblem(await way.post(`/sagas/${id}/steps/reserveStock/resolve`, body));
      expect(problem).toMatchObject({ httpStatus: 409, type: 'not-parked' });
    }
    const path = `/sagas/${id}/steps/shipStock/resolve`;
    const wrong = await readProblem(await way.post(path, { ...because, outcome: 'done' }));
    expect(wrong).toMatchObject({ httpStatus: 409, type: 'not-allowed' });
    await way.post(path, because);
    await way.until(id, ({ closedAt }) => closedAt !== null);
    expect(await readProblem(await way.post(path, because))).toMatchObject({ httpStatus: 409, type: 'closed' });
  });

  it('answers 404 to a saga that is not', async () => {
    const response = await way.post('/sagas/fulfilOrder:nobody/steps/shipStock/resolve', because);
    expect(await readProblem(response)).toMatchObject({ httpStatus: 404, type: 'not-found' });
  });

  it.each([
    ['no JSON', 'x', 400, 'not-json'],
    ['no reason', '{}', 422, 'invalid'],
    ['an outcome that is none', '{"reason":"x","outcome":"perhaps"}', 422, 'invalid'],
    ['what it does not know', '{"reason":"x","input":{}}', 422, 'invalid'],
  ])('refuses a body with %s', async (_, body, httpStatus, type) => {
    const response = await way.request('/sagas/fulfilOrder:o-1/steps/shipStock/resolve', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await readProblem(response)).toMatchObject({ httpStatus, type });
  });
});
