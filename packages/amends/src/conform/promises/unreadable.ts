import type { Promised } from '../check.ts';
import { expectDone, expectProblem, expectSame } from '../expectations.ts';
import { SEAL, SETTLE, UNDO } from '../sample.ts';
import { Skip } from '../unkept.ts';

const NO_TIMES: readonly string[] = ['yesterday', '2026-01-01', '1767225600', '2026-02-30T00:00:00Z'];
const KEYED_BY_STEP: readonly string[] = [UNDO, SETTLE];

/** What cannot be read is a problem that says so, and nothing is done for it. */
export const unreadable: Promised = {
  name: 'input',
  serviceChecks: [
    {
      says: 'undo, settle and seal without a key, or with a broken one, are 400',
      run: async ({ service, newSaga }) => {
        for (const route of [UNDO, SETTLE, SEAL]) {
          expectProblem(await service.ask({ route }), 400, 'key-missing');
          expectProblem(await service.ask({ route, key: 'nonsense' }), 400, 'key-invalid');
        }
        for (const route of KEYED_BY_STEP) {
          expectProblem(await service.ask({ route, key: newSaga() }), 400, 'key-invalid');
        }
        expectProblem(await service.ask({ route: SEAL, key: `${newSaga()}/step` }), 400, 'key-invalid');
      },
    },
    {
      says: 'undo, settle and seal with a body that is not JSON are 400, and decide nothing',
      run: async ({ service, newSaga }) => {
        const saga = newSaga();
        for (const route of [UNDO, SETTLE, SEAL]) {
          const key = route === SEAL ? saga : `${saga}/step`;
          expectProblem(await service.ask({ route, key, body: '{"half":', raw: true }), 400);
        }
        expectProblem(await service.ask({ route: `GET /saga-operations/${saga}%2Fstep`, started: null }), 404);
      },
    },
    {
      says: 'undo, settle and seal of what nobody knows need Saga-Started',
      run: async ({ service, newSaga }) => {
        for (const route of [UNDO, SETTLE, SEAL]) {
          const saga = newSaga();
          const key = route === SEAL ? saga : `${saga}/step`;
          expectProblem(await service.ask({ route, key, started: null }), 400, 'started-missing');
          expectProblem(await service.ask({ route, key, started: 'yesterday' }), 400, 'started-invalid');
        }
      },
    },
    {
      says: 'an operation that there is none of is 404',
      run: async ({ service, newSaga }) => {
        const key = `${newSaga()}/step`;
        expectProblem(await service.ask({ route: 'POST /saga-operations/redo', key }), 404);
      },
    },
    {
      says: 'without the token it is 401',
      run: async ({ service, newSaga }) => {
        if (!service.hasToken) throw new Skip('the file names no token');
        for (const route of [UNDO, SETTLE, SEAL]) {
          const key = route === SEAL ? newSaga() : `${newSaga()}/step`;
          expectProblem(await service.ask({ route, key, anonymous: true }), 401);
        }
      },
    },
  ],
  actionChecks: [
    {
      says: 'a body that is not JSON is 400, and its key stays free',
      run: async ({ sample }) => {
        const one = await sample();
        expectProblem(await one.act({ body: '{"half":', raw: true }), 400);
        await one.hasEffects(0);
        expectDone(await one.act());
      },
    },
    {
      says: 'without Saga-Started, or with a broken one, a new key is 400 and stays free',
      run: async ({ sample }) => {
        const one = await sample();
        expectProblem(await one.act({ started: null }), 400, 'started-missing');
        for (const started of NO_TIMES) expectProblem(await one.act({ started }), 400, 'started-invalid');
        await one.hasEffects(0);
        expectDone(await one.act());
      },
    },
    {
      says: 'a known key needs no Saga-Started',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectSame(await one.act({ started: null }), first);
        expectSame(await one.act({ started: 'yesterday' }), first);
      },
    },
    {
      says: 'a body over the limit is 413, and its key stays free',
      run: async ({ sample, bodyLimit }) => {
        if (bodyLimit === undefined) throw new Skip('the file names no bodyLimit');
        const one = await sample();
        const body = JSON.stringify({ padding: 'x'.repeat(bodyLimit) });
        expectProblem(await one.act({ body, raw: true }), 413);
        expectDone(await one.act());
      },
    },
    {
      says: 'without the token it is 401, and nothing is done',
      run: async ({ sample, service }) => {
        if (!service.hasToken) throw new Skip('the file names no token');
        const one = await sample();
        expectProblem(await one.act({ anonymous: true }), 401);
        await one.hasEffects(0);
      },
    },
  ],
};
