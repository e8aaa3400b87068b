import type { Promised } from '../check.ts';
import { expectOperation, expectProblem, expectRefusal, expectRepeat, expectSame } from '../expectations.ts';

/** An undo without a done action is a success that blocks the key. */
export const undoFirst: Promised = {
  name: 'P3',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'an undo that comes before its action is a success, repeated as it was',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.undo();
        expectOperation(first, one.key, 'blocked');
        expectRepeat(await one.undo(), first);
        await one.hasEffects(0);
      },
    },
    {
      says: 'the action that comes after it is refused for good, with any body, and has no effect',
      run: async ({ sample }) => {
        const one = await sample();
        const two = await sample();
        await one.undo();
        expectProblem(await one.act(), 409, 'blocked');
        expectProblem(await two.act({ key: one.key }), 409, 'blocked');
        expectProblem(await one.act(), 409, 'blocked');
        await one.hasEffects(0);
        await two.hasEffects(0);
      },
    },
    {
      says: 'an undo of a refused action has nothing to undo, and the refusal is still repeated',
      run: async ({ refused }) => {
        const one = await refused();
        const refusal = await one.act();
        expectRefusal(refusal, one.code);
        expectOperation(await one.undo(), one.key, 'refused');
        expectSame(await one.act(), refusal);
      },
    },
  ],
};
