// `amends record`: runs every path of every saga on a real server, and writes its history down for the replay test.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startBench, type Bench } from '../bench/start-bench.ts';
import { everySaga } from '../rehearsal/every-saga.ts';
import { loadStage } from '../commands/load-stage.ts';
import { endOf } from './end-of.ts';
import { historiesOf, MANIFEST, readManifest, type Recorded } from './manifest.ts';
import { redacted } from './redacted.ts';
import { Scene } from './scene.ts';
import type { Wanted } from './wanted.ts';
import { wantedOf } from './wanted-of.ts';

const stage = await loadStage(inject('stage'));
const folder = historiesOf(stage);
const sagas = await Promise.all((await everySaga(stage)).map(async (saga) => ({ saga, wanted: await wantedOf(saga) })));
const recorded = new Map<Wanted, Recorded>();
let bench: Bench;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  bench = await startBench(stage);
});

afterAll(async () => {
  await writeManifest();
  await bench.close();
});

for (const { saga, wanted } of sagas) {
  for (const one of wanted) {
    it.concurrent(`${one.saga} ${one.path}`, async () => {
      const scene = await Scene.prepare(bench, saga, one);
      const run = await one.play(scene);
      const status = await endOf(run.handle);
      await scene.leave();
      expect(status).toBe(one.end);
      const file = `${one.saga}.${one.path}.json`;
      const history = redacted(JSON.parse(historyToJSON(await run.handle.fetchHistory())));
      await writeFile(path.join(folder, file), `${JSON.stringify(history)}\n`);
      recorded.set(one, { saga: one.saga, path: one.path, workflowId: run.handle.workflowId, status, file });
    });
  }
}

/** What was not recorded this time stays; what no saga wants any more goes. */
const writeManifest = async (): Promise<void> => {
  const before = await readManifest(folder).catch(() => []);
  const manifest = sagas.flatMap(({ wanted }) =>
    wanted.flatMap(
      (one) => recorded.get(one) ?? before.filter((old) => old.saga === one.saga && old.path === one.path),
    ),
  );
  await writeFile(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  const files = new Set([MANIFEST, ...manifest.map(({ file }) => file)]);
  let bytes = 0;
  for (const file of await readdir(folder)) {
    if (files.has(file)) bytes += (await stat(path.join(folder, file))).size;
    else await rm(path.join(folder, file));
  }
  const all = sagas.flatMap(({ wanted }) => wanted).length;
  console.log(`${recorded.size} recorded; ${folder} has ${manifest.length} of ${all}, ${Math.ceil(bytes / 1024)} KiB`);
};
