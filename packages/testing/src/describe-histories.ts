import { describe, expect, it } from 'vitest';
import { historiesOf, readHistories } from './histories/manifest.ts';
import { notAsWanted } from './histories/not-as-wanted.ts';
import { notReplaying } from './histories/not-replaying.ts';
import { tracesOfMachine } from './histories/traces-of-machine.ts';
import { wantedOf } from './histories/wanted-of.ts';
import { withOtherSteps } from './histories/with-other-steps.ts';
import { everySaga } from './rehearsal/every-saga.ts';
import type { Stage } from './stage.ts';

const TIMEOUT_MS = 120_000;
const MEANT = 'open sagas would not survive this code; where none are open, and the change is meant: amends record';
/** All of them together: they are cloned with the code. */
const BYTES_MAX = 2_000_000;

/**
 * The tests that recorded histories have: every path of every saga has one, and each replays with the code at hand, so that open sagas survive
 * it. To be called once in an application, after `amends record` has written `workflows/histories/`.
 */
export const describeHistories = (stage: Stage): void => {
  describe('recorded histories', async () => {
    const sagas = await everySaga(stage);
    const wanted = (await Promise.all(sagas.map(wantedOf))).flat();
    const recorded = await readHistories(historiesOf(stage));

    it('every path of every saga has one, which ended as the path does', () => {
      expect(notAsWanted(wanted, recorded)).toEqual([]);
    });

    it('every refusal of a saga’s own is the end of a recorded path', () => {
      const ends = new Set(wanted.map(({ saga, refusal }) => `${saga} ${refusal}`));
      const own = sagas.flatMap(({ definition: { name }, contract }) =>
        Object.keys(contract.refusals).map((code) => `${name} ${code}`),
      );
      expect(own.filter((refusal) => !ends.has(refusal))).toEqual([]);
    });

    it('every one replays: open sagas survive this code', { timeout: TIMEOUT_MS }, async () => {
      expect(await notReplaying(stage.workflowsFile, recorded), MEANT).toEqual([]);
    });

    it('a replay with other code is refused: this test can fail', { timeout: TIMEOUT_MS }, async () => {
      const others = recorded.slice(0, 3).map((one) => ({ ...one, history: withOtherSteps(one.history) }));
      const refused = others.map(() => expect.stringMatching(/nondeterminism/i));
      expect(await notReplaying(stage.workflowsFile, others)).toEqual(refused);
    });

    it('none tells of the machine it was recorded on', () => {
      const traces = recorded.flatMap(({ file, history }) =>
        tracesOfMachine(history).map((trace) => `${file}: ${trace}`),
      );
      expect(traces).toEqual([]);
    });

    it('they are small', () => {
      expect(JSON.stringify(recorded).length).toBeLessThan(BYTES_MAX);
    });
  });
};
