import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeOf } from '../amends/src/compose/compose-of.ts';
import { readCatalog, type CatalogEntry } from '../client/src/catalog.ts';
import type { System } from '../runtime/src/system/define-system.ts';
import { applicationOf } from '../testing/src/rehearsal/application.ts';
import { catalogEntry } from '../testing/src/rehearsal/catalog-entry.ts';
import type { RehearsedSaga } from '../testing/src/rehearsal/rehearsed-saga.ts';

// What `npm create amends@latest` writes, on the sources of the workspace; packages/gates/try-published.mjs tries it as npm gets it.

const COMPILER_TIMEOUT_MS = 300_000;
/** Servers of their own, a failure matrix and a whole system, on a machine that is busy with others. */
const ITS_TESTS_TIMEOUT_MS = 600_000;
const TEMPLATE = path.resolve('packages/create-amends/template');
const CREATE = path.resolve('packages/create-amends/bin/create-amends.mjs');

const load = async <T>(file: string): Promise<T> => (await import(pathToFileURL(path.resolve(file)).href)) as T;
const json = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;

describe('the template', () => {
  it('has the catalog that its sagas say', async () => {
    type Parts = Parameters<typeof applicationOf>[0];
    const { travel } = await load<{ travel: Parts['app'] }>(`${TEMPLATE}/contracts/app.ts`);
    const { triggers } = await load<Pick<Parts, 'triggers'>>(`${TEMPLATE}/api/triggers.ts`);
    const workflows = await load<object>(`${TEMPLATE}/workflows/index.ts`);
    const { paths } = await load<Pick<RehearsedSaga, 'paths'>>(`${TEMPLATE}/workflows/book-trip.paths.ts`);
    const app = applicationOf({ app: travel, triggers, workflows });
    const saga = app.sagas['bookTrip'];
    if (saga === undefined) throw new Error('the template has no saga bookTrip');
    const written = readCatalog(await json(`${TEMPLATE}/contracts/catalog.json`)).get('bookTrip') as CatalogEntry;
    const { diagram: _, ...said } = (await catalogEntry({ ...saga, paths, app })) as CatalogEntry;
    expect(written).toMatchObject(said);
    expect(Object.keys(app.sagas)).toEqual(['bookTrip']);
  });

  it('has the docker-compose.yml that amends compose prints', async () => {
    const { default: system } = await load<{ default: System }>(`${TEMPLATE}/amends.config.ts`);
    const { name, version } = await json<{ name: string; version: string }>(`${TEMPLATE}/_package.json`);
    expect(await readFile(`${TEMPLATE}/docker-compose.yml`, 'utf8')).toBe(composeOf(system, { name, version }));
  });

  it('has the stage that the README of @amends/testing shows, and a history of each path', async () => {
    const [, shown] =
      /^```ts\n\/\/ testing\/stage\.ts\n([^]*?)^```$/m.exec(await readFile('packages/testing/README.md', 'utf8')) ?? [];
    expect(await readFile(`${TEMPLATE}/testing/stage.ts`, 'utf8')).toBe(shown);
    const recorded = await json<readonly { file: string }[]>(`${TEMPLATE}/workflows/histories/manifest.json`);
    const files = await readdir(`${TEMPLATE}/workflows/histories`);
    expect(files.toSorted()).toEqual([...recorded.map(({ file }) => file), 'manifest.json'].toSorted());
  });

  it('asks for the versions that this repository is tested with', async () => {
    type Manifest = Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>;
    const { dependencies, devDependencies } = await json<Manifest>(`${TEMPLATE}/_package.json`);
    const pinned = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([name]) => !/^@?amends\b/.test(name),
    );
    expect(pinned.length).toBeGreaterThan(10);
    const installed = async (name: string): Promise<string> =>
      (await json<{ version: string }>(`node_modules/${name}/package.json`)).version;
    const here = await Promise.all(
      pinned.map(async ([name]): Promise<[string, string]> => [name, await installed(name)]),
    );
    expect(pinned).toEqual(here);
  });
});

it('the tests of the template pass on the sources', { timeout: ITS_TESTS_TIMEOUT_MS }, async () => {
  // in a folder that nobody looks into, and from which the workspace's packages are found
  const dist = path.resolve('packages/create-amends/dist');
  await mkdir(dist, { recursive: true });
  const folder = await mkdtemp(path.join(dist, 'template-'));
  try {
    await cp(TEMPLATE, folder, { recursive: true });
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$)/.test(name)));
    const vitest = path.resolve('node_modules/vitest/vitest.mjs');
    // on a machine that others keep busy a real server may come late once
    const { stdout } = await promisify(execFile)('node', [vitest, 'run', '--retry=1', '--reporter=json'], {
      cwd: folder,
      env,
    });
    const { numFailedTests, testResults } = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as Results;
    expect(numFailedTests).toBe(0);
    const ran = testResults.map(({ name }) => path.relative(folder, name));
    expect(ran.toSorted()).toEqual([
      'testing/system.test.ts',
      'workflows/book-trip.test.ts',
      'workflows/histories.test.ts',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Results {
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly name: string }[];
}

interface Snippets {
  readonly readmeSnippets: () => Promise<readonly { name: string; file: string; code: string }[]>;
  readonly compiled: (snippets: readonly object[]) => Promise<string>;
}

it(
  'the template compiles, and what the READMEs of the packages show; a wrong one would be found',
  {
    timeout: COMPILER_TIMEOUT_MS,
  },
  async () => {
    const { readmeSnippets, compiled } = await load<Snippets>('packages/gates/readme-snippets.mjs');
    const snippets = await readmeSnippets();
    const packages = [
      'amends',
      'api',
      'client',
      'contracts',
      'events',
      'participant',
      'runtime',
      'saga',
      'testing',
      'worker',
    ];
    expect(snippets.map(({ name }) => name)).toEqual(expect.arrayContaining(packages));
    const code = "import { startApi } from '@amends/api';\nawait startApi({});\n";
    const [wrong, ...others] = (await compiled([...snippets, { file: 'api/wrong.ts', code }])).trim().split('\n');
    expect(wrong).toContain('api/readme-wrong.ts(2,16): error');
    expect(others.filter((line) => !line.startsWith(' '))).toEqual([]);
  },
);

describe('npm create amends', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'create-amends-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const create = (...args: readonly string[]) =>
    spawnSync('node', [CREATE, ...args], { cwd: folder, encoding: 'utf8' });

  it('writes an application of the name of its folder', async () => {
    const { status, stdout } = create('travel');
    expect(status).toBe(0);
    expect(stdout).toContain('cd travel\n  npm install\n  npm start');
    expect(await json(path.join(folder, 'travel/package.json'))).toMatchObject({ name: 'travel' });
    const written = await readdir(path.join(folder, 'travel'), { recursive: true });
    expect(written).toEqual(
      expect.arrayContaining(['.gitignore', '.npmrc', 'amends.config.ts', 'workflows/book-trip.ts']),
    );
    const texts = written.filter((file) => /\.(json|md|ts|yml)$/.test(file));
    const all = await Promise.all(texts.map((file) => readFile(path.join(folder, 'travel', file), 'utf8')));
    expect(all.filter((text) => text.includes('my-app') || text.includes('{{version}}'))).toEqual([]);
  });

  it('calls it my-app where no name is given, and takes an empty folder', async () => {
    expect(create().status).toBe(0);
    expect(await readdir(folder)).toEqual(['my-app']);
    expect(spawnSync('node', [CREATE, '.'], { cwd: path.join(folder, 'my-app'), encoding: 'utf8' }).stderr).toMatch(
      /my-app is not empty\. Choose another folder: nothing has been written\./,
    );
  });

  it('writes nothing into a folder that has something', async () => {
    await writeFile(path.join(folder, 'mine'), '');
    const { status, stderr } = create(folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('cannot be the name of an application')]);
    expect(await readdir(folder)).toEqual(['mine']);
  });

  it.each([
    ['My-App', 'My-App cannot be the name of an application. Use small letters, digits and hyphens'],
    ['1st', '1st cannot be the name of an application.'],
    ['--force', 'Give one folder, and no options.'],
  ])('says in a sentence what is wrong with %s', (name, sentence) => {
    const { status, stderr } = create(name);
    expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it('--help says how it is used, and writes nothing', async () => {
    const { status, stdout } = create('--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining('npm create amends@latest [folder]')]);
    expect(await readdir(folder)).toEqual([]);
  });
});
