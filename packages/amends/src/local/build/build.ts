import { createHash } from 'node:crypto';
import { build as esbuild, stop, type BuildFailure, type OutputFile, type Plugin } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { appFolder } from '../state/folders.ts';
import { cachedFolder } from '../servers/cached-folder.ts';
import { StartError } from '../start-error.ts';
import { sweepBuilds, useBuild } from './sweep-builds.ts';

const HASH_CHARACTERS = 12;
/** Inside the application, so that what the processes import from npm is found. */
const buildsFolder = (): string => join(appFolder(), 'node_modules', '.cache', 'amends');
/** As deep as every build's folder, so that source maps hold. */
const outputFolder = (): string => join(buildsFolder(), 'build');

/**
 * Builds processes, each from its entry (`api/main.ts`) to one file (`<folder>/api/main.js`), and answers the folder. It is named
 * by what is in it, so a running system keeps the files it was started from. A new one sweeps away what nobody used for a day.
 *
 * @throws StartError with the compiler's own words
 */
export const buildProcesses = async (entries: readonly string[]): Promise<string> => {
  const files = await compile(entries);
  const hash = createHash('sha256');
  for (const { path, contents } of files) hash.update(path).update(contents);
  const name = `build-${hash.digest('hex').slice(0, HASH_CHARACTERS)}`;
  const folder = await cachedFolder(buildsFolder(), name, async (half) => {
    await writeFiles(half, files);
    await sweepBuilds(buildsFolder());
  });
  await useBuild(folder);
  return folder;
};

/** A source in the application's folder, or a file under another name. */
type Entry = string | { readonly in: string; readonly out: string };

/** The same, into a folder of that name. */
export const buildInto = async (folder: string, entries: readonly Entry[]): Promise<void> => {
  await writeFiles(folder, await compile(entries));
};

const writeFiles = async (folder: string, files: readonly OutputFile[]): Promise<void> => {
  for (const { path, contents } of files) {
    const target = join(folder, relative(outputFolder(), path));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
};

/** Ends the compiler's own process. */
export const stopCompiler = stop;

/** What comes in from a package in CommonJS may ask for Node's own modules. */
const REQUIRE =
  "import { createRequire as amendsRequire } from 'node:module'; const require = amendsRequire(import.meta.url);";

/** What npm installed stays outside; a workspace package, which is a link to TypeScript, comes in. */
export const npmStaysOutside: Plugin = {
  name: 'npm-stays-outside',
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, ...asked }) => {
      if (asked.kind === 'entry-point' || asked.pluginData === 'asked') return undefined;
      const found = await build.resolve(path, { ...asked, pluginData: 'asked' });
      const isSource =
        found.errors.length === 0 && /\.[cm]?ts$/.test(found.path) && !found.path.includes('/node_modules/');
      return isSource ? found : { path, external: true };
    });
  },
};

const compile = async (entries: readonly Entry[]) => {
  try {
    const { outputFiles } = await esbuild({
      absWorkingDir: appFolder(),
      entryPoints: entries.map((entry) =>
        typeof entry === 'string' ? { in: entry, out: entry.replace(/\.[cm]?ts$/, '') } : entry,
      ),
      outdir: outputFolder(),
      outbase: appFolder(),
      bundle: true,
      plugins: [npmStaysOutside],
      platform: 'node',
      target: 'node20',
      format: 'esm',
      banner: { js: REQUIRE },
      sourcemap: 'linked',
      logLevel: 'silent',
      write: false,
    });
    return outputFiles;
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    const words = errors.map(({ text, location }) => `${location?.file}:${location?.line} ${text}`);
    throw new StartError(`The processes could not be built: ${words.join('; ') || (error as Error).message}`);
  }
};
