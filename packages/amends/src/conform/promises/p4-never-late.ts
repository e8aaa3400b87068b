import { times, type Promised } from '../check.ts';
import { expectDone, expectOperation, expectProblem, expectSame } from '../expectations.ts';
import { isDone } from '../read-answer.ts';
import type { Sample } from '../sample.ts';

const CUTS_MS: readonly number[] = [0, 2, 10];

/** After an undo, or a settle that found nothing done, the action is refused for good. */
export const neverLate: Promised = {
  name: 'P4',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'an action that comes after it was undone is refused, and has no effect',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        expectOperation(await one.undo(), one.key, 'undone');
        expectProblem(await one.act(), 409, 'undone');
        expectProblem(await one.act(), 409, 'undone');
        await one.hasEffects(0);
      },
    },
    {
      says: 'an action that comes after a settle that found nothing is refused, and has no effect',
      run: async ({ sample }) => {
        const one = await sample();
        expectOperation(await one.settle(), one.key, 'blocked');
        expectProblem(await one.act(), 409, 'blocked');
        await one.hasEffects(0);
      },
    },
    {
      says: 'a stored answer is still repeated after a settle',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        await one.settle();
        expectSame(await one.act(), first);
      },
    },
    {
      says: 'actions and undos of the same keys at once leave no effect',
      of: 'with undo',
      run: async ({ sample, atOnce }) => {
        const { saga } = await sample();
        const all = await times(atOnce, (n) => sample(saga, `race-${n}`));
        const raced = await Promise.all(all.map((one, n) => race(one, n % 2 === 0)));
        for (const { one, act, undo } of raced) {
          const { state } = expectOperation(undo, one.key, 'undone', 'blocked');
          if (state === 'blocked' || !isDone(act)) expectProblem(act, 409, state);
          await one.hasEffects(0);
        }
      },
    },
    {
      says: 'an action whose connection broke has no effect once it is undone, however late it is',
      of: 'with undo',
      run: async ({ sample, service }) => {
        for (const afterMs of CUTS_MS) {
          const one = await sample();
          await service.cut(one.request(), afterMs);
          const undo = expectOperation(await one.undo(), one.key, 'undone', 'blocked');
          // what of the first request was still on its way has come by now
          expectProblem(await one.act(), 409, undo.state);
          await one.hasEffects(0);
        }
      },
    },
  ],
};

/** Both at once, one of them sent a little earlier. */
const race = async (one: Sample, undoFirst: boolean) => {
  const early = undoFirst ? one.undo() : undefined;
  const act = one.act();
  const undo = early ?? one.undo();
  return { one, act: await act, undo: await undo };
};
