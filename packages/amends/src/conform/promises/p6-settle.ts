import { isDeepStrictEqual } from 'node:util';
import { times, type Promised } from '../check.ts';
import { expectDone, expectOperation, expectProblem, expectRefusal, expectRepeat } from '../expectations.ts';
import { isDone, jsonOf } from '../read-answer.ts';
import type { Sample } from '../sample.ts';
import type { Answer } from '../speaker.ts';
import { inBrief, unkept } from '../unkept.ts';

/** Settle tells what is stored, or blocks the key for ever and says so. */
export const settled: Promised = {
  name: 'P6',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'settle of a done action tells its stored answer',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectStored(await one.settle(), one, 'done', first);
        await one.hasEffects(1);
      },
    },
    {
      says: 'settle of an absent key blocks it and says so, every time',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.settle();
        expectOperation(first, one.key, 'blocked');
        expectRepeat(await one.settle(), first);
        expectProblem(await one.act(), 409, 'blocked');
      },
    },
    {
      says: 'settle of a refused action tells its refusal',
      run: async ({ refused }) => {
        const one = await refused();
        const refusal = await one.act();
        expectRefusal(refusal, one.code);
        expectStored(await one.settle(), one, 'refused', refusal);
      },
    },
    {
      says: 'settle of an undone action says that it is undone',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        await one.undo();
        const answer = await one.settle();
        const operation = expectOperation(answer, one.key, 'undone');
        if (operation.answer !== null) throw unkept(answer, 'answer: null, since it is not done any more');
      },
    },
    {
      says: 'settles and actions of the same keys at once agree, whoever comes first',
      run: async ({ sample, atOnce }) => {
        const all = await times(Math.ceil(atOnce / 2), () => sample());
        const raced = await Promise.all(all.map((one, n) => race(one, n % 2 === 0)));
        for (const { one, act, settle } of raced) {
          const { state } = expectOperation(settle, one.key, 'done', 'blocked');
          if (state === 'blocked') expectProblem(act, 409, 'blocked');
          else expectDone(act);
          await one.hasEffects(isDone(act) ? 1 : 0);
        }
      },
    },
  ],
};

const expectStored = (answer: Answer, { key }: Sample, state: 'done' | 'refused', first: Answer): void => {
  const { answer: stored } = expectOperation(answer, key, state);
  if (stored?.status === first.status && isDeepStrictEqual(stored.body, jsonOf(first))) return;
  throw unkept(answer, `answer: {status: ${first.status}, body: ${inBrief(first.text)}}`);
};

const race = async (one: Sample, settleFirst: boolean) => {
  const early = settleFirst ? one.settle() : undefined;
  const act = one.act();
  const settle = early ?? one.settle();
  return { one, act: await act, settle: await settle };
};
