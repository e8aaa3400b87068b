import { times, type ActionBench, type ActionCheck } from '../check.ts';
import { expectDone } from '../expectations.ts';
import type { Sample } from '../sample.ts';
import { Skip, Unkept } from '../unkept.ts';

/** So many are done at once. */
const SIDE_BY_SIDE = 8;
const ROUNDS = 3;
/** An action that is quicker than this tells nothing: what it waits for is the machine. */
const SLOW_ENOUGH_MS = 20;
/** Actions count as side by side when they take less than this part of their sum. */
const CLEARLY_LESS = 0.5;
/** Those of one saga may take so much longer than those of several, on a machine that does other things too. */
const ALLOWANCE = 2;

/** The lock of a seal is shared by the actions of its saga. Judged only where actions of different sagas run side by side. */
export const sideBySide: ActionCheck = {
  says: 'actions of one saga run side by side, as those of several sagas do',
  run: async (bench) => {
    const oneMs = Math.min(...(await rounds(() => timeOf(bench, 1, false))));
    if (oneMs < SLOW_ENOUGH_MS) throw new Skip(`an action takes ${Math.round(oneMs)} ms, too quick to be judged`);
    const apartMs = Math.min(...(await rounds(() => timeOf(bench, SIDE_BY_SIDE, false))));
    if (apartMs > oneMs * SIDE_BY_SIDE * CLEARLY_LESS) {
      throw new Skip('actions of different sagas wait for each other too: it cannot be judged');
    }
    const togetherMs = Math.min(...(await rounds(() => timeOf(bench, SIDE_BY_SIDE, true))));
    const inTurnMs = oneMs * SIDE_BY_SIDE * CLEARLY_LESS;
    if (togetherMs <= Math.max(apartMs * ALLOWANCE, inTurnMs)) return;
    throw new Unkept({
      sent: `${SIDE_BY_SIDE} actions at once`,
      expected: `those of one saga to take about as long as those of ${SIDE_BY_SIDE} sagas: ${Math.round(apartMs)} ms`,
      came: `${Math.round(togetherMs)} ms: they wait for each other`,
    });
  },
};

const rounds = async (act: () => Promise<number>): Promise<number[]> => {
  const measured: number[] = [];
  for (let round = 0; round < ROUNDS; round++) measured.push(await act());
  return measured;
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
