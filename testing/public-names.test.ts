import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { expect, it } from 'vitest';

interface PublicNames {
  readonly publicNames: () => Promise<string>;
  readonly recordedNames: () => Promise<string>;
}

const { publicNames, recordedNames } = (await import(
  pathToFileURL(path.resolve('packages/gates/public-names.mjs')).href
)) as PublicNames;

const values = (names: readonly string[]): string[] => names.filter((name) => !name.startsWith('type '));

it('packages/public-names.json is what the packages export (node packages/gates/public-names.mjs writes it anew)', async () => {
  expect(JSON.parse(await publicNames())).toEqual(JSON.parse(await recordedNames()));
});

const recorded = Object.entries(JSON.parse(await recordedNames()) as Record<string, string[]>);

it.each(recorded)('%s exports the values of its list', async (name, names) => {
  const there: object = await import(name);
  expect(Object.keys(there).toSorted()).toEqual(values(names).toSorted());
});
