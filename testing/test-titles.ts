import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A test, or a group of tests, whose title begins with the promises that it is about. */
export interface PromiseTest {
  /** From the repository's folder. */
  readonly file: string;
  /** As it stands in the file; what a row of `each` puts in is `%s` or `$name`. */
  readonly title: string;
  readonly promises: readonly string[];
}

/** `S1`, `P3`, `E6`; several by spaces or commas, then a colon. */
const NAMES = /^([SPE]\d+(?:,? [SPE]\d+)*): /;
/** A string that is the first argument of a call of `it`, `test` or `describe`, whatever stands between, as `each` and its rows. */
const FIRST_STRING = /\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])+)\1\s*,/g;
const SKIPPED = /\b(?:it|test|describe)\.(?:skip|todo)\(\s*$/;

/** Every test of the repository whose title names a promise, by file and in its order there. */
export const promiseTests = async (): Promise<PromiseTest[]> => {
  const files = await testFiles('.');
  const found = await Promise.all(files.map(async (file) => testsIn(file, await readFile(file, 'utf8'))));
  return found.flat();
};

/** @param text of a test file */
export const testsIn = (file: string, text: string): PromiseTest[] =>
  [...text.matchAll(FIRST_STRING)].flatMap(({ index, 2: quoted = '' }) => {
    const title = quoted.replaceAll(/\\(.)/g, '$1');
    const [, names] = NAMES.exec(title) ?? [];
    if (names === undefined || SKIPPED.test(text.slice(0, index + 1))) return [];
    return [{ file, title, promises: names.split(/,? /) }];
  });

const NOT_OURS = new Set(['node_modules', 'dist']);

const testFiles = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && !NOT_OURS.has(name))
      .map(async (entry) => {
        const name = path.join(folder, entry.name);
        if (entry.isDirectory()) return testFiles(name);
        return name.endsWith('.test.ts') ? [name] : [];
      }),
  );
  return found.flat().toSorted();
};
