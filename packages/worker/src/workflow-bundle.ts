import { bundleWorkflowCode, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { buildSync } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '@amends/runtime/internal';

/** In the application's folder, from which every process is started. */
const CACHE = 'node_modules/.cache/amends';
const KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * No stack of a workflow is shown anywhere, but in its call stack, where that is on; a rehearsal runs the same flow in plain Node, with stacks.
 * Where they are, each costs a tenth of a millisecond (decision 0046).
 */
const NO_STACKS = 'Error.stackTraceLimit = 0;\n';

/** Where the engine sees what an activation brings. */
const interceptors = (): string => fileURLToPath(import.meta.resolve('@amends/saga/internal'));

/**
 * The workflows as one script, bundled once for each state of their sources: bundling takes seconds, reading it does not.
 *
 * @param workflows the file that exports the workflows; a text is relative to `root`
 * @param root the application's folder
 */
export const workflowBundle = async (
  log: Pick<Log, 'warn' | 'error'>,
  workflows: URL | string,
  root: string = process.cwd(),
): Promise<WorkflowBundleWithSourceMap> => {
  const entry = typeof workflows === 'string' ? path.resolve(root, workflows) : fileURLToPath(workflows);
  const file = path.join(root, CACHE, `workflows-${await hashOf(root, entry)}.js`);
  const cached = await readFile(file, 'utf8').catch(() => undefined);
  if (cached !== undefined) return { code: cached, sourceMap: '' };
  const bundle = await bundleWorkflowCode({
    workflowsPath: entry,
    workflowInterceptorModules: [interceptors()],
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
  const code = NO_STACKS + bundle.code;
  await writeFile(half, code);
  await rename(half, file);
  await sweepBundles(path.dirname(file));
  return { ...bundle, code };
};

/** The same workflows with stacks in their errors. */
export const withStacks = (bundle: WorkflowBundleOption): WorkflowBundleOption =>
  'code' in bundle && bundle.code.startsWith(NO_STACKS)
    ? { ...bundle, code: bundle.code.slice(NO_STACKS.length) }
    : bundle;

/** What `amends build` writes the workflows to, beside the built worker process. */
export const BUILT_BUNDLE = 'workflows.bundle.js';

/** The workflows as `amends build` has bundled them; undefined in a process that was not built by it. */
export const builtBundle = async (): Promise<WorkflowBundleWithSourceMap | undefined> => {
  const file = path.join(path.dirname(path.resolve(process.argv[1] ?? '')), BUILT_BUNDLE);
  const code = await readFile(file, 'utf8').catch(() => undefined);
  return code === undefined ? undefined : { code, sourceMap: '' };
};

/** Removes bundles older than a day: a worker reads its own once, when it starts, or makes it anew. */
const sweepBundles = async (folder: string): Promise<void> => {
  for (const name of (await readdir(folder)).filter((each) => /^workflows-[0-9a-f]+\.js/.test(each))) {
    const bundle = path.join(folder, name);
    const made = await stat(bundle).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > KEPT_MS) await rm(bundle, { force: true });
  }
};

/** Of every source that comes into the bundle: the application's, the engine's, the SDK's; and of what bundles them, where npm says it. */
const hashOf = async (root: string, entry: string): Promise<string> => {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const hash = createHash('sha256').update(NO_STACKS);
  for (const name of Object.keys(metafile.inputs).toSorted()) {
    hash.update(name).update(await readFile(path.join(root, name)));
  }
  const lock = await readFile(path.join(root, 'package-lock.json')).catch(() => '');
  return hash.update(lock).digest('hex').slice(0, 16);
};
