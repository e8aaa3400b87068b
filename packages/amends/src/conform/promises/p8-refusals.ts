import { times, type Promised } from '../check.ts';
import { expectAllSame, expectProblem, expectRefusal, expectRepeat } from '../expectations.ts';

/** A refusal says its code by its type, and is stored like any other answer. */
export const refusals: Promised = {
  name: 'P8',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'a refusal is 409 or 422 of its type, and has no effect',
      run: async ({ refused }) => {
        const one = await refused();
        expectRefusal(await one.act(), one.code);
        await one.hasEffects(0);
      },
    },
    {
      says: 'a refusal is repeated, byte for byte',
      run: async ({ refused }) => {
        const one = await refused();
        const first = await one.act();
        expectRefusal(first, one.code);
        expectRepeat(await one.act(), first);
      },
    },
    {
      says: 'many at once are refused with one answer',
      run: async ({ refused, atOnce }) => {
        const one = await refused();
        const answers = await times(atOnce, () => one.act());
        for (const answer of answers) expectRefusal(answer, one.code);
        expectAllSame(answers);
        await one.hasEffects(0);
      },
    },
    {
      says: 'the key of a refused action with another body is a mismatch, and changes nothing',
      run: async ({ refused, sample }) => {
        const one = await refused();
        const two = await sample();
        expectRefusal(await one.act(), one.code);
        expectProblem(await two.act({ key: one.key }), 422, 'key-mismatch');
        await two.hasEffects(0);
      },
    },
  ],
};
