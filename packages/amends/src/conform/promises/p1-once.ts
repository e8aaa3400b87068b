import { times, type Promised } from '../check.ts';
import { expectAllSame, expectDone, expectRepeat, expectSame, isReplayed } from '../expectations.ts';
import { differentlyWritten } from '../differently-written.ts';
import { unkept } from '../unkept.ts';

/** How long after it was sent a request's connection is destroyed, in milliseconds. */
const CUTS_MS: readonly number[] = [0, 2, 10, 40];

/** The same key and body again: the effect happens once, and every answer is the first answer. */
export const once: Promised = {
  name: 'P1',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'a repeat is given the first answer, byte for byte',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectSame(await one.act(), first);
        expectSame(await one.act(), first);
      },
    },
    {
      says: 'a repeat has no effect of its own',
      run: async ({ sample }) => {
        const one = await sample();
        expectDone(await one.act());
        await one.hasEffects(1);
        await one.act();
        await one.hasEffects(1);
      },
    },
    {
      says: 'a repeat says Idempotent-Replayed: true',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectRepeat(await one.act(), first);
      },
    },
    {
      says: 'the same JSON value is the same body, however it is written',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectSame(await one.act({ body: differentlyWritten(one.request().body), raw: true }), first);
      },
    },
    {
      says: 'many at once have one effect and one answer',
      run: async ({ sample, atOnce }) => {
        const one = await sample();
        const answers = await times(atOnce, () => one.act());
        for (const answer of answers) expectDone(answer);
        expectAllSame(answers);
        await one.hasEffects(1);
        const [fresh, another] = answers.filter((answer) => !isReplayed(answer));
        if (fresh !== undefined && another !== undefined) {
          throw unkept(another, 'all but one of the answers to say Idempotent-Replayed: true');
        }
      },
    },
    {
      says: 'after a connection that broke, a repeat is told the answer, and the effect is there once',
      run: async ({ sample, service }) => {
        for (const afterMs of CUTS_MS) {
          const one = await sample();
          await service.cut(one.request(), afterMs);
          const first = await one.act();
          expectDone(first);
          expectSame(await one.act(), first);
          await one.hasEffects(1);
        }
      },
    },
  ],
};
