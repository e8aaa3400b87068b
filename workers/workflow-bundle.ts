import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../platform/log.ts';

/** Relative to the repository, from which every process is started. */
const WORKFLOWS = 'workflows';
const CACHE = 'node_modules/.cache/amends';

/**
 * The workflows as one script, bundled once for each state of their sources: bundling takes seconds, reading it does not.
 *
 * @param entry the file that exports the workflows, relative to the repository
 * @param root the repository's folder
 */
export const workflowBundle = async (
  log: Log,
  entry = `${WORKFLOWS}/index.ts`,
  root = process.cwd(),
): Promise<WorkflowBundleWithSourceMap> => {
  const file = path.join(root, CACHE, `workflows-${await hashOf(root, entry)}.js`);
  const cached = await readFile(file, 'utf8').catch(() => undefined);
  if (cached !== undefined) return { code: cached, sourceMap: '' };
  const bundle = await bundleWorkflowCode({
    workflowsPath: path.join(root, entry),
    logger: {
      log: () => {},
      trace: () => {},
      debug: () => {},
      info: () => {},
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
  });
  await mkdir(path.dirname(file), { recursive: true });
  const half = `${file}.${process.pid}`;
  await writeFile(half, bundle.code);
  await rename(half, file);
  return bundle;
};

/** Of the workflows' sources and of the SDK that bundles them. */
const hashOf = async (root: string, entry: string): Promise<string> => {
  const hash = createHash('sha256');
  const folder = path.join(root, WORKFLOWS);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
  for (const name of files) hash.update(name).update(await readFile(path.join(folder, name)));
  for (const name of [entry, 'package-lock.json']) hash.update(name).update(await readFile(path.join(root, name)));
  return hash.digest('hex').slice(0, 16);
};
