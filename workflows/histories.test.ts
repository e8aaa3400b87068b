import { expect, it } from 'vitest';
import { everySaga } from '../testing/histories/every-saga.ts';
import { readHistories } from '../testing/histories/manifest.ts';
import { notAsWanted } from '../testing/histories/not-as-wanted.ts';
import { notReplaying } from '../testing/histories/not-replaying.ts';
import { tracesOfMachine } from '../testing/histories/traces-of-machine.ts';
import { wantedOf } from '../testing/histories/wanted-of.ts';
import { withOtherSteps } from '../testing/histories/with-other-steps.ts';

const TIMEOUT_MS = 120_000;
const MEANT = 'open sagas would not survive this code; where none are open, and the change is meant: npm run record';
/** All of them together: they are cloned with the code. */
const BYTES_MAX = 2_000_000;
const sagas = await everySaga();
const wanted = (await Promise.all(sagas.map(wantedOf))).flat();
const recorded = await readHistories();

it('every path of every saga has its recorded history, which ended as the path does', () => {
  expect(notAsWanted(wanted, recorded)).toEqual([]);
});

it('every refusal of a saga’s own is the end of a recorded path', () => {
  const ends = new Set(wanted.map(({ saga, refusal }) => `${saga} ${refusal}`));
  const own = sagas.flatMap(({ definition: { name }, contract }) =>
    Object.keys(contract.refusals).map((code) => `${name} ${code}`),
  );
  expect(own.filter((refusal) => !ends.has(refusal))).toEqual([]);
});

it('every recorded history replays: open sagas survive this code', { timeout: TIMEOUT_MS }, async () => {
  expect(await notReplaying(recorded), MEANT).toEqual([]);
});

it('a replay with other code is refused: this test can fail', { timeout: TIMEOUT_MS }, async () => {
  const others = recorded.slice(0, 3).map((one) => ({ ...one, history: withOtherSteps(one.history) }));
  expect(await notReplaying(others)).toEqual(others.map(() => expect.stringMatching(/nondeterminism/i)));
});

it('no history tells of the machine it was recorded on', () => {
  const traces = recorded.flatMap(({ file, history }) => tracesOfMachine(history).map((trace) => `${file}: ${trace}`));
  expect(traces).toEqual([]);
});

it('the histories are small', () => {
  expect(JSON.stringify(recorded).length).toBeLessThan(BYTES_MAX);
});
