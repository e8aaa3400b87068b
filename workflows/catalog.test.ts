import { readFile, readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as contracts from '../contracts/sagas.ts';
import { readCatalog } from '../packages/client/src/catalog.ts';
import { catalogText } from '../packages/testing/src/commands/catalog.ts';
import { stage } from '../testing/stage.ts';
import * as workflows from './index.ts';

const byName = (a: string, b: string) => a.localeCompare(b);
const sagas = Object.entries(workflows).flatMap(([name, workflow]) =>
  'definition' in workflow ? [{ name, definition: workflow.definition }] : [],
);

it('contracts/catalog.json is what the definitions and their rehearsal say (npx amends catalog writes it anew)', async () => {
  expect(await readFile('contracts/catalog.json', 'utf8')).toBe(await catalogText(stage));
});

it('the catalog is read as it is written', () => {
  expect([...readCatalog(stage.catalog).keys()]).toEqual(sagas.map(({ name }) => name));
});

it('every saga of the contracts is a workflow of its name, and every saga among the workflows one of the contracts', () => {
  expect(sagas.map(({ name }) => name).toSorted(byName)).toEqual(Object.keys(contracts).toSorted(byName));
  for (const { name, definition } of sagas) expect(definition.name).toBe(name);
});

it('every saga has its rehearsal and its failure matrix tested, once', async () => {
  const files = (await readdir('workflows')).filter((file) => file.endsWith('.test.ts'));
  const texts = await Promise.all(files.map((file) => readFile(`workflows/${file}`, 'utf8')));
  const described = texts.flatMap((text) =>
    [...text.matchAll(/^describeSaga\((\w+), /gm)].map(([, name]) => name ?? ''),
  );
  expect(described.toSorted(byName)).toEqual(sagas.map(({ name }) => name).toSorted(byName));
});
