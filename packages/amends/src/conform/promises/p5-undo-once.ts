import { times, type Promised } from '../check.ts';
import {
  expectAllSame,
  expectDone,
  expectOperation,
  expectProblem,
  expectRepeat,
  expectSame,
} from '../expectations.ts';
import { UNDO } from '../sample.ts';

/** An undo repeated has one effect and the first answer. */
export const undoOnce: Promised = {
  name: 'P5',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'an undo takes the effect back',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        await one.hasEffects(1);
        expectOperation(await one.undo(), one.key, 'undone');
        await one.hasEffects(0);
      },
    },
    {
      says: 'an undo repeated is given the first answer, byte for byte',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        const first = await one.undo();
        expectOperation(first, one.key, 'undone');
        expectRepeat(await one.undo(), first);
        await one.hasEffects(0);
      },
    },
    {
      says: 'the body of an undo does not count for its repeats',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        const first = await one.undo();
        expectOperation(first, one.key, 'undone');
        expectSame(await one.undo({ body: { corrected: true } }), first);
      },
    },
    {
      says: 'many undos at once undo once, with one answer',
      of: 'with undo',
      run: async ({ sample, atOnce }) => {
        const one = await sample();
        expectDone(await one.act());
        const answers = await times(atOnce, () => one.undo());
        for (const answer of answers) expectOperation(answer, one.key, 'undone');
        expectAllSame(answers);
        await one.hasEffects(0);
      },
    },
    {
      says: 'after a connection that broke, an undo repeated is told the answer',
      of: 'with undo',
      run: async ({ sample, service }) => {
        const one = await sample();
        expectDone(await one.act());
        await service.cut({ route: UNDO, key: one.key }, 2);
        const first = await one.undo();
        expectOperation(first, one.key, 'undone');
        expectSame(await one.undo(), first);
        await one.hasEffects(0);
      },
    },
    {
      says: 'an action without undo refuses to be undone, and stays done',
      of: 'without undo',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectProblem(await one.undo(), 409, 'undo-refused:no-undo');
        expectProblem(await one.undo(), 409, 'undo-refused:no-undo');
        expectSame(await one.act(), first);
        await one.hasEffects(1);
      },
    },
  ],
};
