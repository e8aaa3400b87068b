import { times, type ActionBench, type ActionCheck } from '../check.ts';
import { expectDone } from '../expectations.ts';
import type { Sample } from '../sample.ts';
import { Skip, Unkept } from '../unkept.ts';

/** So many are done at once. */
const SIDE_BY_SIDE = 8;
/** How often one alone is timed, of which the quickest counts. */
const TIMES_ALONE = 3;
/** A machine that does other things too is slow now and then; who waits for others is slow each time. */
const ROUNDS = 6;
/** An action that is quicker than this tells nothing: what it waits for is the machine. */
const SLOW_ENOUGH_MS = 20;
/** Those who wait for each other take the sum of their times; less than this part of it is no waiting. */
const CLEARLY_LESS = 0.5;
/** Those of one saga may take so much longer than those of several. */
const ALLOWANCE = 2;

/** The lock of a seal is shared by the actions of its saga. Judged by time, beside actions of as many sagas. */
export const sideBySide: ActionCheck = {
  says: 'actions of one saga run side by side, as those of several sagas do',
  run: async (bench) => {
    const alone: number[] = [];
    for (let n = 0; n < TIMES_ALONE; n++) alone.push(await timeOf(bench, 1, false));
    const aloneMs = Math.min(...alone);
    if (aloneMs < SLOW_ENOUGH_MS) {
      throw new Skip(`an action takes less than ${SLOW_ENOUGH_MS} ms, too quick to be judged`);
    }
    let [apartMs, togetherMs] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      apartMs = await timeOf(bench, SIDE_BY_SIDE, false);
      togetherMs = await timeOf(bench, SIDE_BY_SIDE, true);
      const sideBySideMs = Math.max(apartMs * ALLOWANCE, aloneMs * SIDE_BY_SIDE * CLEARLY_LESS);
      if (togetherMs <= sideBySideMs) return;
    }
    throw new Unkept({
      sent: `${SIDE_BY_SIDE} actions at once, ${ROUNDS} times`,
      expected: `those of one saga to take about as long as those of ${SIDE_BY_SIDE} sagas: ${Math.round(apartMs)} ms`,
      came: `${Math.round(togetherMs)} ms: they wait for each other`,
    });
  },
};

/** How many milliseconds so many actions take at once, of one saga or of as many. */
const timeOf = async ({ sample, newSaga }: ActionBench, count: number, ofOneSaga: boolean): Promise<number> => {
  const saga = newSaga();
  const samples: Sample[] = await times(count, (n) => sample(ofOneSaga ? saga : newSaga(), `side-${n}`));
  const began = performance.now();
  const answers = await Promise.all(samples.map((one) => one.act()));
  const took = performance.now() - began;
  for (const answer of answers) expectDone(answer);
  return took;
};
