import { setTimeout as sleep } from 'node:timers/promises';
import { times, type ActionBench, type Bench, type Promised } from '../check.ts';
import { expectDone, expectKeys, expectList, expectOperation, expectProblem, expectSame } from '../expectations.ts';
import { isDone } from '../read-answer.ts';
import { SEAL, SETTLE, type Sample } from '../sample.ts';
import type { Answer } from '../speaker.ts';
import { unkept } from '../unkept.ts';
import { sideBySide } from './p10-side-by-side.ts';

/** How many actions of each saga race with its seal, and how many sagas at a time. */
const RACING_ACTIONS = 4;
const SAGAS_AT_A_TIME = 10;
/** Requests are spread over so many milliseconds, so that the seal comes in between. */
const SPREAD_MS = 8;
/** Enough that most services answer it in pages. */
const LONG_LIST = 260;
const MAX_PAGES = 1_000;

/** A seal refuses every new action of a saga, and its list is complete. */
export const sealed: Promised = {
  name: 'P10',
  serviceChecks: [
    {
      says: 'a saga without operations is sealed too, with an empty list',
      run: async ({ service, newSaga }) => {
        const saga = newSaga();
        const answer = await service.ask({ route: SEAL, key: saga });
        const { items, next } = expectList(answer, saga, true);
        if (items.length > 0 || next !== null) throw unkept(answer, 'no items and no next page');
      },
    },
    {
      says: 'a long list is complete and without repeats, page by page',
      run: async (bench) => {
        const saga = bench.newSaga();
        const keys = Array.from({ length: LONG_LIST }, (_, n) => `${saga}/step:${n}`);
        for (let n = 0; n < keys.length; n += bench.atOnce) {
          const some = keys.slice(n, n + bench.atOnce);
          await Promise.all(some.map((key) => bench.service.ask({ route: SETTLE, key })));
        }
        const { answer, keys: listed } = await wholeList(bench, saga);
        expectKeys(answer, listed, keys);
      },
    },
  ],
  actionChecks: [
    {
      says: 'a sealed saga starts nothing new here, and what is known is repeated',
      run: async ({ sample }) => {
        const one = await sample();
        const late = await sample(one.saga, 'late');
        const first = await one.act();
        expectDone(first);
        expectList(await one.seal(), one.saga, true);
        expectProblem(await late.act(), 409, 'sealed');
        expectProblem(await late.act(), 409, 'sealed');
        await late.hasEffects(0);
        expectSame(await one.act(), first);
      },
    },
    {
      says: 'its list has every operation, oldest first, without answers',
      run: async (bench) => {
        const { sample, hasUndo } = bench;
        const done = await sample();
        const { saga } = done;
        const blocked = await sample(saga, 'blocked');
        const undone = await sample(saga, 'undone');
        expectDone(await done.act());
        await blocked.settle();
        expectDone(await undone.act());
        if (hasUndo) await undone.undo();
        const answer = await done.seal();
        const { items } = expectList(answer, saga, true);
        const ours = items.filter(isChecked);
        const expected = [
          { key: done.key, state: 'done' },
          { key: blocked.key, state: 'blocked' },
          { key: undone.key, state: hasUndo ? 'undone' : 'done' },
        ];
        const found = ours.map(({ key, state }) => ({ key, state }));
        if (JSON.stringify(found) !== JSON.stringify(expected)) throw unkept(answer, JSON.stringify(expected));
        if (ours.some((each) => each.answer !== null)) throw unkept(answer, 'answer: null in a list');
      },
    },
    {
      says: 'sealing twice, or many times at once, is one seal with one list',
      run: async ({ sample, atOnce }) => {
        const one = await sample();
        expectDone(await one.act());
        const [first, ...more] = await times(atOnce, () => one.seal());
        for (const answer of [...more, await one.seal()]) if (first !== undefined) expectSame(answer, first);
        if (first !== undefined) expectList(first, one.saga, true);
      },
    },
    {
      says: 'a sealed saga can be undone and settled',
      run: async ({ sample, hasUndo }) => {
        const one = await sample();
        const absent = await sample(one.saga, 'absent');
        const unknown = await sample(one.saga, 'unknown');
        expectDone(await one.act());
        expectList(await one.seal(), one.saga, true);
        expectOperation(await one.settle(), one.key, 'done');
        expectOperation(await absent.undo(), absent.key, 'blocked');
        expectOperation(await unknown.settle(), unknown.key, 'blocked');
        if (!hasUndo) return;
        expectOperation(await one.undo(), one.key, 'undone');
        await one.hasEffects(0);
      },
    },
    {
      says: 'nothing slips through a seal that races with the actions of a saga',
      run: async (bench) => {
        for (let n = 0; n < bench.racingSagas; n += SAGAS_AT_A_TIME) {
          await times(Math.min(SAGAS_AT_A_TIME, bench.racingSagas - n), () => raceWithSeal(bench));
        }
      },
    },
    sideBySide,
  ],
};

const raceWithSeal = async (bench: ActionBench): Promise<void> => {
  const saga = bench.newSaga();
  const samples = await times(RACING_ACTIONS, (n) => bench.sample(saga, `race-${n}`));
  const acts = samples.map(async (one) => {
    await sleep(Math.random() * SPREAD_MS);
    return one.act();
  });
  await sleep(Math.random() * SPREAD_MS);
  const { answer, keys } = await wholeList(bench, saga);
  const answers = await Promise.all(acts);
  expectKeys(answer, keys, doneOf(samples, answers));
  for (const [n, one] of samples.entries()) {
    const first = answers[n];
    if (first !== undefined && !isDone(first)) expectProblem(first, 409, 'sealed');
    await one.hasEffects(first !== undefined && isDone(first) ? 1 : 0);
  }
};

const doneOf = (samples: readonly Sample[], answers: readonly Answer[]): string[] =>
  samples.filter((_, n) => isDone(answers[n] as Answer)).map(({ key }) => key);

/** Seals, and reads page after page; the keys of what comes before the samples are left out. */
const wholeList = async ({ service }: Bench, saga: string): Promise<{ answer: Answer; keys: string[] }> => {
  const keys: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const answer = await service.ask({ route: SEAL + query, key: saga });
    const { items, next } = expectList(answer, saga, true);
    keys.push(...items.filter(isChecked).map(({ key }) => key));
    if (next === null) return { answer, keys };
    if (items.length === 0) throw unkept(answer, 'no further page after an empty one');
    cursor = next;
  }
  throw new Error(`the list of ${saga} has over ${MAX_PAGES} pages`);
};

const isChecked = ({ key }: { readonly key: string }): boolean => !key.includes(':before');
