import { times, type Promised } from '../check.ts';
import { expectDone, expectProblem, expectSame } from '../expectations.ts';
import { isDone, isLater, problemOf } from '../read-answer.ts';
import { unkept } from '../unkept.ts';

/** What breaks the grammar of keys. */
const BROKEN_KEYS: readonly string[] = [
  'nonsense',
  'conform:a/b/c',
  'Conform:a/step',
  'conform:a#b/step',
  'conform:../step',
];

/** A key stands for one request; without one nothing is done. */
export const oneRequestAKey: Promised = {
  name: 'P2',
  serviceChecks: [],
  actionChecks: [
    {
      says: 'the same key with another body is a mismatch, and changes nothing',
      run: async ({ sample }) => {
        const one = await sample();
        const two = await sample();
        const first = await one.act();
        expectDone(first);
        expectProblem(await two.act({ key: one.key }), 422, 'key-mismatch');
        await two.hasEffects(0);
        expectSame(await one.act(), first);
      },
    },
    {
      says: 'the same key for another action is a mismatch, and changes nothing',
      run: async ({ sample, other }) => {
        const two = await other();
        const one = await sample();
        expectDone(await one.act());
        expectProblem(await two.act({ key: one.key }), 422, 'key-mismatch');
        // the body alone does not tell them apart
        expectProblem(await two.act({ key: one.key, body: one.request().body }), 422, 'key-mismatch');
        await two.hasEffects(0);
      },
    },
    {
      says: 'of two bodies at once under one key, one has its effect and the other is a mismatch',
      run: async ({ sample, atOnce }) => {
        const one = await sample();
        const two = await sample();
        const answers = await times(atOnce, (n) => (n % 2 === 0 ? one.act() : two.act({ key: one.key })));
        const winner = answers.findIndex((answer) => isDone(answer));
        answers.forEach((answer, n) => {
          if (winner !== -1 && n % 2 === winner % 2) expectDone(answer);
          else expectProblem(answer, 422, 'key-mismatch');
        });
        await one.hasEffects(winner % 2 === 0 ? 1 : 0);
        await two.hasEffects(winner % 2 === 0 ? 0 : 1);
      },
    },
    {
      says: 'after an undo another body is still a mismatch',
      of: 'with undo',
      run: async ({ sample }) => {
        const one = await sample();
        const two = await sample();
        expectDone(await one.act());
        await one.undo();
        expectProblem(await two.act({ key: one.key }), 422, 'key-mismatch');
      },
    },
    {
      says: 'who comes while a key is being worked on gets its answer, or 409 in-flight with Retry-After',
      run: async ({ sample, atOnce, service }) => {
        const one = await sample();
        const answers = await times(atOnce, () => service.askOnce(one.request()));
        for (const answer of answers.filter((each) => !isDone(each))) {
          if (!isLater(answer)) throw unkept(answer, '2xx, or 409 urn:amends:in-flight');
          if (problemOf(answer) === 'in-flight') expectProblem(answer, 409, 'in-flight');
          if (answer.headers['retry-after'] === undefined) throw unkept(answer, 'a Retry-After header', 'none');
        }
        expectDone(await one.act());
      },
    },
    {
      says: 'a request without a key is 400, and nothing is done',
      run: async ({ sample }) => {
        const one = await sample();
        expectProblem(await one.act({ key: null }), 400, 'key-missing');
        await one.hasEffects(0);
      },
    },
    {
      says: 'a key that breaks the grammar is 400, and nothing is done',
      run: async ({ sample }) => {
        const one = await sample();
        for (const key of BROKEN_KEYS) expectProblem(await one.act({ key }), 400, 'key-invalid');
        await one.hasEffects(0);
      },
    },
    {
      says: 'a key in quotes is the key without them',
      run: async ({ sample }) => {
        const one = await sample();
        const first = await one.act();
        expectDone(first);
        expectSame(await one.act({ key: `"${one.key}"` }), first);
      },
    },
  ],
};
