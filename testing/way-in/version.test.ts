import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaTemporal } from '../../packages/client/src/known-sagas.ts';
import { findSaga } from '../../packages/client/src/views/find-saga.ts';
import { retryStep } from '../../packages/client/src/acts/retry-step.ts';
import { skipStep } from '../../packages/client/src/acts/skip-step.ts';
import { updateSaga } from '../../packages/client/src/acts/update-saga.ts';
import { viewFound } from '../../packages/client/src/views/view-saga.ts';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { readProblem } from '../../packages/testing/src/reading/read-problem.ts';
import { garbles } from '../scripted-services.ts';
import { startWayIn, type WayIn } from '../way-in.ts';
import { shopTemporal } from '../the-shop.ts';

let way: WayIn;
beforeAll(async () => {
  way = await startWayIn();
});
afterAll(() => way?.close());

const because = { reason: 'a test' };
const isParked = ({ status }: SagaView): boolean => status === 'parked';
const parked = async (): Promise<SagaView> => {
  const { id } = await way.start(way.newOrder(), { shipStock: garbles });
  return way.until(id, isParked);
};
const reset = async (id: string): Promise<void> => {
  const { runId } = await way.client.workflow.getHandle(id).describe();
  await way.client.workflowService.resetWorkflowExecution({
    namespace: way.client.options.namespace,
    workflowExecution: { workflowId: id, runId },
    workflowTaskFinishEventId: 4 as never,
    requestId: `${id} ${runId}`,
    reason: 'a test',
  });
};

/** A client of somebody who is slow: between his look at a saga and his act, `meanwhile` happens. */
const slowClient = (meanwhile: () => Promise<unknown>): SagaTemporal => {
  const { connection, options } = way.client;
  const startUpdate: StartUpdate = async (input, next) => {
    await meanwhile();
    return next(input);
  };
  return shopTemporal(
    new Client({ connection, namespace: options.namespace, interceptors: { workflow: [{ startUpdate }] } }),
  );
};
type StartUpdate = NonNullable<WorkflowClientInterceptor['startUpdate']>;

describe('the version of a saga', () => {
  it('never goes back and never repeats, also after resets; what was read before one is 412', async () => {
    let seen = await parked();
    const { id } = seen;
    for (const again of [1, 2]) {
      await reset(id);
      const now = await way.until(id, isParked);
      expect([again, now.version > seen.version]).toEqual([again, true]);
      const old = { 'if-match': `"${seen.version}"` };
      const problem = await readProblem(await way.post(`/sagas/${id}/steps/shipStock/skip`, because, old));
      expect(problem).toMatchObject({ httpStatus: 412, type: 'version-mismatch' });
      seen = now;
    }
    const etag = (await way.request(`/sagas/${id}`)).headers.get('etag') ?? '';
    expect((await way.post(`/sagas/${id}/steps/shipStock/skip`, because, { 'if-match': etag })).status).toBe(202);
  });

  it('is compared by the saga itself as it takes an act: a change or a reset since it was looked at refuses it', async () => {
    const { id } = await parked();
    const found = await findSaga(way.client, id);
    const told = found && (await viewFound(way.client, found)).told;
    if (!told) throw new Error('no worker told it');
    const request = { actor: 'a test', reason: 'a test', step: 'shipStock' };
    const skip = (expected: typeof told) => updateSaga(way.client, { id, update: 'skip', request, expected });
    expect(await skip({ ...told, version: told.version - 1 })).toMatchObject({ refused: 'version-mismatch' });
    expect(await skip({ ...told, run: 'another' })).toMatchObject({ refused: 'version-mismatch' });
    expect(await skip(told)).toMatchObject({ view: { id } });
  });

  it('goes along with an act: what another has changed since the look is refused by the saga, where it is parked again too', async () => {
    const { id, version } = await parked();
    const request = { actor: 'a test', reason: 'a test', step: 'shipStock' };
    const other = slowClient(async () => {
      expect(await retryStep(way.client, { id, request })).toHaveProperty('view');
      await way.until(id, (view) => isParked(view) && view.version > version);
    });
    const looks: number[] = [];
    const isStill = (view: SagaView): boolean => {
      looks.push(view.version);
      return view.version === version;
    };
    expect(await skipStep(other, { id, request, isStill })).toEqual({
      refused: 'version-mismatch',
      detail: 'the saga has changed since it was read',
    });
    expect(looks).toEqual([version]);
    expect((await way.until(id, isParked)).audit.map(({ action }) => action)).toEqual(['retry']);
  });

  it('of two who have seen the same, one acts and the other is told that it has changed', async () => {
    const { id } = await parked();
    const etag = (await way.request(`/sagas/${id}`)).headers.get('etag') ?? '';
    const act = () => way.post(`/sagas/${id}/steps/shipStock/skip`, because, { 'if-match': etag });
    const both = await Promise.all([act(), act()]);
    const [acted, other] = both.map(({ status }) => status).toSorted((a, b) => a - b);
    // 409 where the saga has even ended meanwhile
    expect([acted, other === 412 || other === 409]).toEqual([202, true]);
  });
});
