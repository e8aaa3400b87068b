// Packs every package of this folder as npm gets it: node packages/pack.mjs <folder> [--version 0.2.0]
// In the workspace a package's exports name its sources; published they name what tsc made of them.
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const PACKAGES = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(PACKAGES);
/** What a package has besides its sources. */
const BESIDES = ['README.md', 'bin', 'template'];

/** A test, or what tests alone use. */
const isTest = (path) => /\.test(-d)?\.tsx?$/.test(path);
/** What tools leave behind. */
const isLeftOver = (path) => /\.tsbuildinfo$|(^|\/)(node_modules|dist)(\/|$)/.test(path);

const run = (command, args, options) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
};

/** Every package of the workspace, by folder: those that have a manifest. */
export const packageFolders = async () => {
  const folders = (await readdir(PACKAGES, { withFileTypes: true })).filter((each) => each.isDirectory());
  const known = await Promise.all(
    folders.map(({ name }) =>
      readFile(join(PACKAGES, name, 'package.json'), 'utf8').then(
        () => [name],
        () => [],
      ),
    ),
  );
  return known.flat().toSorted();
};

/** `./src/x.ts` → `{ types, default }`; a declaration written by hand has types alone. */
const published = (target) => {
  const [, name, extension] = /^\.\/src\/(.*?)(\.d\.ts|\.ts)$/.exec(target) ?? [];
  if (name === undefined) return target;
  const types = `./dist/${name}.d.ts`;
  return extension === '.d.ts' ? { types } : { types, default: `./dist/${name}.js` };
};

/** The manifest as npm gets it: one version for all, of ours exactly that one, and the files of `dist/`. */
export const publishedManifest = ({ exports, dependencies, ...manifest }, own, version) => ({
  ...manifest,
  version,
  ...(exports && {
    exports: {
      ...Object.fromEntries(Object.entries(exports).map(([path, target]) => [path, published(target)])),
      './package.json': './package.json',
    },
  }),
  ...(dependencies && {
    dependencies: Object.fromEntries(
      Object.entries(dependencies).map(([name, wanted]) => [name, own.has(name) ? version : wanted]),
    ),
  }),
});

/** What stands in `dist/` for a source; only that is taken, so nothing of a file that is gone. */
const builtOf = (source) => {
  if (source.endsWith('.d.ts')) return [];
  const stem = source.replace(/\.ts$/, '');
  return source.endsWith('.ts') ? ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((end) => stem + end) : [];
};

const stageSources = async (folder, stage) => {
  const sources = await readdir(join(folder, 'src'), { recursive: true });
  for (const source of sources.filter((each) => !isTest(each))) {
    const from = join(folder, 'src', source);
    if ((await stat(from)).isDirectory()) continue;
    await cp(from, join(stage, 'src', source));
    // tsc copies neither a declaration written by hand nor what is no TypeScript
    const built = builtOf(source);
    if (built.length === 0) await cp(from, join(stage, 'dist', source));
    for (const file of built) await cp(join(folder, 'dist', file), join(stage, 'dist', file));
  }
};

const stagePackage = async (name, stage, { own, version }) => {
  const folder = join(PACKAGES, name);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  await mkdir(stage, { recursive: true });
  if (manifest.exports) await stageSources(folder, stage);
  for (const each of BESIDES) {
    const from = join(folder, each);
    const isThere = await stat(from).then(
      () => true,
      () => false,
    );
    if (isThere)
      await cp(from, join(stage, each), { recursive: true, filter: (path) => !isLeftOver(path.slice(from.length)) });
  }
  await cp(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
  const text = JSON.stringify(publishedManifest(manifest, own, version), null, 2);
  await writeFile(join(stage, 'package.json'), `${text}\n`);
};

/**
 * Builds all packages and packs each into a tarball of `target`; answers the tarballs' paths.
 *
 * @param {string} target a folder; made where it is not there
 * @param {{ version?: string, say?: (line: string) => void }} options `version`: instead of the workspace's
 */
export const packAll = async (target, { version, say = () => {} } = {}) => {
  const folders = await packageFolders();
  const manifests = await Promise.all(
    folders.map(async (name) => JSON.parse(await readFile(join(PACKAGES, name, 'package.json'), 'utf8'))),
  );
  const versions = new Set(manifests.map((each) => each.version));
  if (versions.size > 1) throw new Error(`the packages have several versions: ${[...versions].join(', ')}`);
  const about = { own: new Set(manifests.map(({ name }) => name)), version: version ?? [...versions][0] };
  const built = folders.filter((_, at) => manifests[at].exports);
  say(`tsc -b: ${built.length} packages`);
  run('npx', ['tsc', '-b', ...built.map((name) => join('packages', name))], { cwd: ROOT });
  await mkdir(target, { recursive: true });
  const stages = await mkdtemp(join(tmpdir(), 'amends-pack-'));
  try {
    return await Promise.all(
      folders.map(async (name) => {
        const stage = join(stages, name);
        await stagePackage(name, stage, about);
        const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', resolve(target)];
        const [{ filename, files, size }] = JSON.parse(
          (await promisify(execFile)('npm', args, { cwd: stage, maxBuffer: 64 << 20 })).stdout,
        );
        say(`${filename}: ${files.length} files, ${Math.round(size / 1_024)} kB`);
        return join(resolve(target), filename);
      }),
    );
  } finally {
    await rm(stages, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [target, flag, version] = process.argv.slice(2);
  if (target === undefined || (flag !== undefined && flag !== '--version')) {
    console.error('Say into which folder: node packages/pack.mjs <folder> [--version 0.2.0]');
    process.exit(2);
  }
  await packAll(target, { version, say: console.log });
}
