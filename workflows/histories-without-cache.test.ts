import { expect, it } from 'vitest';
import { historiesOf, readHistories } from '../packages/testing/src/histories/manifest.ts';
import { notReplaying } from '../packages/testing/src/histories/not-replaying.ts';
import { rebuiltForEachTask } from '../packages/testing/src/histories/rebuilt-for-each-task.ts';
import { stage } from '../testing/stage.ts';
import { withOtherSteps } from '../packages/testing/src/histories/with-other-steps.ts';

const TIMEOUT_MS = 120_000;
const MEANT = 'open sagas would not survive this code; where none are open, and the change is meant: amends record';
const recorded = await readHistories(historiesOf(stage));
const rebuilt = rebuiltForEachTask(recorded);

it(
  'every recorded history replays without a workflow cache, rebuilt for each of its workflow tasks',
  { timeout: TIMEOUT_MS },
  async () => {
    expect(rebuilt.length).toBeGreaterThan(recorded.length);
    expect(await notReplaying(stage.workflowsFile, rebuilt), MEANT).toEqual([]);
  },
);

it('a rebuilt saga with other steps is refused: this test can fail', { timeout: TIMEOUT_MS }, async () => {
  const acted = rebuilt.filter(({ history }) => JSON.stringify(withOtherSteps(history)) !== JSON.stringify(history));
  const others = acted.slice(0, 5).map((one) => ({ ...one, history: withOtherSteps(one.history) }));
  expect(await notReplaying(stage.workflowsFile, others)).toEqual(
    others.map(() => expect.stringMatching(/nondeterminism/i)),
  );
});
