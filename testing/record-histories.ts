// `npm run record`: runs every path of every saga on a real server, and writes its history down for the replay test.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endOf } from './histories/end-of.ts';
import { everySaga } from './histories/every-saga.ts';
import { HISTORIES, MANIFEST, readManifest, type Recorded } from './histories/manifest.ts';
import { redacted } from './histories/redacted.ts';
import { Scene } from './histories/scene.ts';
import { skusIn } from './histories/skus-in.ts';
import type { Wanted } from './histories/wanted.ts';
import { wantedOf } from './histories/wanted-of.ts';
import { startSagaBench, type SagaBench } from './saga-bench.ts';

/** More than all examples together buy, less than what their refusals ask for. */
const ON_THE_SHELF = 100_000;

const sagas = await Promise.all((await everySaga()).map(async (saga) => ({ saga, wanted: await wantedOf(saga) })));
const recorded = new Map<Wanted, Recorded>();
let bench: SagaBench;

beforeAll(async () => {
  await mkdir(HISTORIES, { recursive: true });
  bench = await startSagaBench('workflows/index.ts');
  const bought = sagas.flatMap(({ saga: { contract } }) => skusIn(contract.example));
  for (const sku of new Set(bought)) await bench.shop.putStock(sku, ON_THE_SHELF);
});

afterAll(async () => {
  await writeManifest();
  await bench.close();
});

for (const { saga, wanted } of sagas) {
  for (const one of wanted) {
    it.concurrent(`${one.saga} ${one.path}`, async () => {
      const scene = new Scene(bench, saga, one);
      const run = await one.play(scene);
      const status = await endOf(run.handle);
      await scene.leave();
      expect(status).toBe(one.end);
      const file = `${one.saga}.${one.path}.json`;
      const history = redacted(JSON.parse(historyToJSON(await run.handle.fetchHistory())));
      await writeFile(path.join(HISTORIES, file), `${JSON.stringify(history)}\n`);
      recorded.set(one, { saga: one.saga, path: one.path, workflowId: run.handle.workflowId, status, file });
    });
  }
}

/** What was not recorded this time stays; what no saga wants any more goes. */
const writeManifest = async (): Promise<void> => {
  const before = await readManifest().catch(() => []);
  const manifest = sagas.flatMap(({ wanted }) =>
    wanted.flatMap(
      (one) => recorded.get(one) ?? before.filter((old) => old.saga === one.saga && old.path === one.path),
    ),
  );
  await writeFile(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
  const files = new Set([path.basename(MANIFEST), ...manifest.map(({ file }) => file)]);
  let bytes = 0;
  for (const file of await readdir(HISTORIES)) {
    if (files.has(file)) bytes += (await stat(path.join(HISTORIES, file))).size;
    else await rm(path.join(HISTORIES, file));
  }
  const all = sagas.flatMap(({ wanted }) => wanted).length;
  console.log(
    `${recorded.size} recorded; ${HISTORIES} has ${manifest.length} of ${all}, ${Math.ceil(bytes / 1024)} KiB`,
  );
};
