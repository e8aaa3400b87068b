import { readdirSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

const markdownIn = async (folder: string, recursive: boolean): Promise<string[]> =>
  (await readdir(folder, { recursive })).filter((name) => name.endsWith('.md')).map((name) => path.join(folder, name));

const documents = [
  ...(await markdownIn('.', false)),
  ...(await markdownIn('docs', true)),
  ...(await markdownIn('examples', true)),
];
const texts = await Promise.all(documents.map(async (name) => ({ name, text: await readFile(name, 'utf8') })));
const { scripts } = Package.parse(JSON.parse(await readFile('package.json', 'utf8')));

/** A file, or a folder with files somewhere in it: an empty folder stays behind where somebody has moved one. */
const isThere = (name: string): boolean => {
  const found = statSync(name, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return found !== undefined;
  return readdirSync(name, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile());
};

/** What it names was there when it was taken; only its links are followed. */
const isHistory = (name: string): boolean => name.startsWith(path.join('docs', 'decisions'));

/** Its links are written, and held, by `testing/promises.test.ts`. */
const WRITTEN_BY_ITS_TEST = path.join('docs', 'promises.md');

describe('what the documents show is there', () => {
  it('every npm script they name exists', () => {
    const named = texts.flatMap(({ text }) => [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, script]) => script));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((script) => script === undefined || !(script in scripts))).toEqual([]);
  });

  it('every file and folder they name exists', () => {
    const linking = texts.filter(({ name }) => name !== WRITTEN_BY_ITS_TEST);
    const named = linking.flatMap(({ name, text }) => [
      ...(isHistory(name)
        ? []
        : [...text.matchAll(/`((?!\.\/)(?:[a-z.-]+\/)+[a-z.-]*(?:\.(?:ts|json|md|yml))?)`/g)]
      ).map(([, to]) => ({
        name,
        to: to ?? '',
      })),
      ...[...text.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, to]) => ({
        name,
        to: path.join(path.dirname(name), to ?? ''),
      })),
    ]);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ to }) => !isThere(to))).toEqual([]);
  });

  it('CONTRIBUTING has every package, and every folder at the top that has files', async () => {
    const contributing = texts.find(({ name }) => name === 'CONTRIBUTING.md')?.text ?? '';
    const foldersIn = async (folder: string): Promise<string[]> =>
      (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map(({ name }) => path.join(folder, name))
        .filter(isThere);
    const top = (await foldersIn('.')).filter((name) => !['node_modules', 'dist', 'docs', 'packages'].includes(name));
    const all = [...top, ...(await foldersIn('packages'))];
    expect(all.filter((name) => !contributing.includes(`| \`${name}/\``))).toEqual([]);
  });

  it('every heading they link to exists', () => {
    const linked = texts.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\((?!http)([^)#]*)#([^)]+)\)/g)].map(([, to = '', heading = '']) => ({
        name: to === '' ? name : path.join(path.dirname(name), to),
        heading,
      })),
    );
    const headingsOf = (of: string): string[] =>
      [...(texts.find(({ name }) => name === of)?.text ?? '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
    expect(linked.filter(({ name, heading }) => !headingsOf(name).includes(heading))).toEqual([]);
  });

  it.each(texts)('$name has no placeholder left', ({ text }) => {
    expect(text.match(/\b(FIGURES|TODO|TBD|FIXME|XXX)\b/g)).toBeNull();
  });
});
