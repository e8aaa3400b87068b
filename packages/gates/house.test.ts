import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** What is compiled or installed is nobody's to keep. */
const NOT_OURS = /(?:^|\/)(?:node_modules|dist|build|\.git|template)(?:\/|$)/;
const LINES_MAX = 300;
const MEDIAN_MAX = 100;
const FILES_MAX = 25;

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(ROOT, folder), { recursive: true }))
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !NOT_OURS.test(name));

const texts = async (files: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(ROOT, file), 'utf8')] as const)));

const IMPORTED = /(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g;

/** A circle of files that import one another, types too; undefined when there is none. */
const circleIn = (files: ReadonlyMap<string, string>): readonly string[] | undefined => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const [, to = ''] of (files.get(file) ?? '').matchAll(IMPORTED)) {
      const found = visit(relative(ROOT, join(ROOT, dirname(file), to)), [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
};

const packages = (await readdir(join(ROOT, 'packages'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join('packages', name, 'src'));
const sources = await texts((await Promise.all(packages.map((folder) => filesIn(folder).catch(() => [])))).flat());
const ownSources = [...sources].filter(([file]) => !/\.test(?:-d)?\.ts$/.test(file));

it('no files of a package import one another in a circle', () => {
  expect(sources.size).toBeGreaterThan(500);
  expect(circleIn(sources)).toBeUndefined();
});

it('a circle is found, of types too', () => {
  const files = new Map([
    ['a/one.ts', "import type { Two } from './two.ts';"],
    ['a/two.ts', "export { three } from '../b/three.ts';"],
    ['b/three.ts', "import { one } from '../a/one.ts';"],
  ]);
  expect(circleIn(files)).toEqual(['a/one.ts', 'a/two.ts', 'b/three.ts', 'a/one.ts']);
  expect(circleIn(new Map([...files].slice(0, 2)))).toBeUndefined();
});

it(`no file of a package has more than ${LINES_MAX} lines, and half of them fewer than ${MEDIAN_MAX}`, () => {
  const lines = ownSources.map(([file, text]) => [file, text.split('\n').length - 1] as const);
  expect(lines.filter(([, count]) => count > LINES_MAX)).toEqual([]);
  const counts = lines.map(([, count]) => count).toSorted((a, b) => a - b);
  expect(counts[counts.length >> 1]).toBeLessThan(MEDIAN_MAX);
});

it(`no folder of a package has more than ${FILES_MAX} sources`, () => {
  const folders = new Map<string, number>();
  for (const [file] of ownSources) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  expect([...folders].filter(([, count]) => count > FILES_MAX)).toEqual([]);
});
