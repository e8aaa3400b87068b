import { Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { readHistory, readManifest } from '../testing/histories.ts';
import { createLog } from '../platform/log.ts';
import { workflowBundle } from '../workers/workflow-bundle.ts';

const manifest = await readManifest();

it('the paths that every reader of fulfilOrder expects are recorded', () => {
  expect(manifest.map(({ saga, path }) => `${saga} ${path}`)).toEqual([
    'fulfilOrder completed',
    'fulfilOrder declined',
    'fulfilOrder out-of-stock',
    'fulfilOrder country-not-served',
    'fulfilOrder answer-lost',
  ]);
});

it.each(manifest)('replays $saga $path: open sagas survive this code', async (recorded) => {
  const history = await readHistory(recorded);
  const bundle = await workflowBundle(createLog('replay', 'error'));
  const replay = Worker.runReplayHistory({ workflowBundle: bundle }, history, recorded.workflowId);
  await expect(replay).resolves.toBeUndefined();
});

it.each(manifest)('$saga $path tells nothing of the machine it was recorded on', async (recorded) => {
  expect(JSON.stringify(await readHistory(recorded))).not.toMatch(/"stackTrace":"[^"]|"\d+@|node_modules/);
});

it('a replay with other code is refused: this test can fail', async () => {
  const [first] = manifest;
  if (first === undefined) throw new Error('no history is recorded');
  const text = JSON.stringify(await readHistory(first)).replaceAll('reserveStock', 'reserveGoods');
  const bundle = await workflowBundle(createLog('replay', 'error'));
  const replay = Worker.runReplayHistory({ workflowBundle: bundle }, JSON.parse(text), first.workflowId);
  await expect(replay).rejects.toThrow(/nondeterminism/i);
});
