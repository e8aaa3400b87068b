import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { activitiesOf } from './activities-of.ts';
import { shownCodeIn, unindented } from './shown-code.ts';

const documents = [
  'README.md',
  ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name)),
];
const shown = (await Promise.all(documents.map(async (name) => shownCodeIn(await readFile(name, 'utf8'))))).flat();
const firstWords = (code: string): string[] =>
  code
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');

describe('code that documents take from files', () => {
  it.each(shown.filter(({ language }) => language !== 'text'))('is in $file', async ({ file, code }) => {
    expect(unindented(await readFile(file, 'utf8'))).toContain(unindented(code));
  });

  it.each(shown.filter(({ language }) => language === 'text'))('is what $file has recorded', async ({ file, code }) => {
    expect(firstWords(code)).toEqual(await activitiesOf(file));
  });

  it('the README shows a saga, a participant and a recorded run', () => {
    expect(shown.length).toBeGreaterThanOrEqual(3);
  });
});
