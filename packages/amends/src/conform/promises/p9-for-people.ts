import { expectDone, expectKeys, expectList, expectOperation, expectProblem } from '../expectations.ts';
import type { Promised } from '../check.ts';
import { unkept } from '../unkept.ts';

const ofKey = (key: string): string => `GET /saga-operations/${encodeURIComponent(key)}`;
const ofSaga = (saga: string): string => `GET /saga-operations?saga=${encodeURIComponent(saga)}`;

/** An undo needs nothing but the key; looking at operations is for people, and decides nothing. */
export const forPeople: Promised = {
  name: 'P9',
  serviceChecks: [
    {
      says: 'a key that nobody knows is 404, and a saga that nobody knows is an empty list',
      run: async ({ service, newSaga }) => {
        const saga = newSaga();
        expectProblem(await service.ask({ route: ofKey(`${saga}/step`), started: null }), 404);
        const answer = await service.ask({ route: ofSaga(saga), started: null });
        if (expectList(answer, saga, false).items.length > 0) throw unkept(answer, 'an empty list');
      },
    },
  ],
  actionChecks: [
    {
      says: 'an undo needs nothing but the key',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        expectOperation(await one.undo({ started: null }), one.key, 'undone');
      },
    },
    {
      says: 'GET tells an operation by its key',
      run: async ({ sample, service }) => {
        const one = await sample();
        expectDone(await one.act());
        const operation = await service.ask({ route: ofKey(one.key), started: null });
        expectOperation(operation, one.key, 'done');
        expectOperation(
          await service.ask({ route: `GET /saga-operations/${one.key}`, started: null }),
          one.key,
          'done',
        );
      },
    },
    {
      says: 'GET lists what a saga has, which is not sealed by it',
      run: async ({ sample, service }) => {
        const one = await sample();
        expectDone(await one.act());
        const answer = await service.ask({ route: ofSaga(one.saga), started: null });
        const { items } = expectList(answer, one.saga, false);
        const keys = items.map(({ key }) => key).filter((key) => !key.includes(':before'));
        expectKeys(answer, keys, [one.key]);
        const two = await sample(one.saga, 'later');
        expectDone(await two.act());
      },
    },
    {
      says: 'GET of an absent key does not keep the action from being done',
      run: async ({ sample, service }) => {
        const one = await sample();
        expectProblem(await service.ask({ route: ofKey(one.key), started: null }), 404);
        expectDone(await one.act());
        await one.hasEffects(1);
      },
    },
  ],
};
