import { times, type Promised } from '../check.ts';
import { expectDone, expectOperation, expectProblem } from '../expectations.ts';

/** Connections that break while the action runs: sent so many milliseconds before. */
const CUTS_MS: readonly number[] = [0, 1, 3, 5, 10, 20];

/** The record of an operation and its effect are there together, or neither is. */
export const together: Promised = {
  name: 'P7',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'after a connection that broke, what settle says and what is there agree',
      run: async ({ sample, service }) => {
        for (const afterMs of CUTS_MS) {
          const one = await sample();
          await service.cut(one.request(), afterMs);
          const { state } = expectOperation(await one.settle(), one.key, 'done', 'blocked');
          await one.hasEffects(state === 'done' ? 1 : 0);
          const answer = await one.act();
          if (state === 'done') expectDone(answer);
          else expectProblem(answer, 409, 'blocked');
          await one.hasEffects(state === 'done' ? 1 : 0);
        }
      },
    },
    {
      says: 'many keys at once are each done, and each has its effect once',
      run: async ({ sample, atOnce }) => {
        const all = await times(atOnce, () => sample());
        for (const answer of await Promise.all(all.map((one) => one.act()))) expectDone(answer);
        for (const one of all) {
          await one.hasEffects(1);
          expectOperation(await one.settle(), one.key, 'done');
        }
      },
    },
  ],
};
