import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { promiseTests, type PromiseTest } from './test-titles.ts';

const DOCUMENT = 'docs/promises.md';

/** A promise as the document has it: its sentence, by hand, and the list of its tests, written by this test (`-u`). */
interface Section {
  readonly name: string;
  readonly prose: string;
}

const HEADING = /^### ([SPE]\d+)\n/m;

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${letter}${n + 1}`);
const PROMISES = [...numbered('S', 20), ...numbered('P', 12), ...numbered('E', 9)];

const document = await readFile(DOCUMENT, 'utf8');
const tests = await promiseTests();
const testsOf = (name: string): PromiseTest[] => tests.filter(({ promises }) => promises.includes(name));

/** What stands before a section's list. */
const proseOf = (body: string): string => body.split(/^- /m)[0]?.trim() ?? '';

const sections = (): Section[] => {
  const [, ...parts] = document.split(HEADING);
  return parts.flatMap((name, at) => (at % 2 === 0 ? [{ name, prose: proseOf(parts[at + 1] ?? '') }] : []));
};

const listOf = (name: string): string => {
  const files = [...new Set(testsOf(name).map(({ file }) => file))];
  const titlesIn = (of: string) =>
    testsOf(name).flatMap(({ file, title }) => (file === of ? [`  - \`${title}\``] : []));
  return files.map((file) => [`- [${file}](../${file})`, ...titlesIn(file)].join('\n')).join('\n');
};

/** The document with its lists made anew; its prose, and the headings between, stay. */
const madeAnew = (): string =>
  document.replaceAll(/^### ([SPE]\d+)\n[^]*?(?=^#{2,3} |$(?![^]))/gm, (body: string, name: string) => {
    const prose = proseOf(body.slice(body.indexOf('\n')));
    const list = listOf(name);
    return `### ${name}\n\n${prose}\n${list === '' ? '' : `\n${list}\n`}\n`;
  });

describe('docs/promises.md', () => {
  it('has every promise once, each in a sentence', () => {
    expect(sections().map(({ name }) => name)).toEqual(PROMISES);
    expect(sections().filter(({ prose }) => prose.length < 40)).toEqual([]);
  });

  it('names for every promise the tests that hold it, and every test that names a promise; `vitest run testing/promises -u` writes it', async () => {
    await expect(`${madeAnew().trimEnd()}\n`).toMatchFileSnapshot(`../${DOCUMENT}`);
  });

  it('no test names a promise that there is none of', () => {
    expect(tests.filter(({ promises }) => promises.some((name) => !PROMISES.includes(name)))).toEqual([]);
  });

  it('a promise that no test holds is said to be not kept yet, and by which issue it will be', () => {
    const without = sections().filter(({ name }) => testsOf(name).length === 0);
    expect(without.filter(({ prose }) => !/\*\*Not kept yet\*\*, issue \d/.test(prose))).toEqual([]);
  });
});
