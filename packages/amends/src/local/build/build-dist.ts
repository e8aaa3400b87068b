import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createLog, entriesOf, workflowsOf } from '@amends/runtime/internal';
import { BUILT_BUNDLE, workflowBundle } from '@amends/worker/internal';
import { buildInto, stopCompiler } from './build.ts';
import { appFolder } from '../state/folders.ts';
import { ownFile } from '../own-file.ts';
import { loadSystem } from '../load-system.ts';

/** The health check of a container of workers, which listen nowhere. */
const WORKERS_HEALTH = 'workers-health';

/**
 * `amends build`: the processes of the application as files in dist/, for an image; the workflows beside the worker process, so that it
 * bundles nothing; and `dist/workers-health.js`.
 */
export const buildDist = async (): Promise<void> => {
  const system = await loadSystem();
  const dist = join(appFolder(), 'dist');
  const health = relative(appFolder(), ownFile(WORKERS_HEALTH, import.meta.url));
  await buildInto(dist, [...entriesOf(system), { in: health, out: WORKERS_HEALTH }]);
  await stopCompiler();
  const { code } = await workflowBundle(createLog('build', 'warn'), workflowsOf(system), appFolder());
  const worker = join(dist, dirname(system.workers.entry));
  await writeFile(join(worker, BUILT_BUNDLE), code);
};
