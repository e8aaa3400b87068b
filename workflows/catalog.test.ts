import { readFile, readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as contracts from '../contracts/sagas.ts';
import { readCatalog } from '../packages/client/src/catalog.ts';
import { catalogEntry } from '../testing/rehearsal/catalog-entry.ts';
import { knownSagas } from '../testing/rehearsal/known-sagas.ts';
import { pathsOfEverySaga } from '../testing/rehearsal/paths-of-every-saga.ts';
import * as workflows from './index.ts';

const CATALOG = '../contracts/catalog.json';
const byName = (a: string, b: string) => a.localeCompare(b);
const sagas = Object.entries(workflows).flatMap(([name, workflow]) =>
  'definition' in workflow ? [{ name, definition: workflow.definition }] : [],
);

it('contracts/catalog.json is what the definitions and their rehearsal say (npm test -- -u writes it anew)', async () => {
  const paths = await pathsOfEverySaga();
  const entries: [string, object][] = [];
  for (const [name, saga] of Object.entries(knownSagas)) {
    if (saga) entries.push([name, await catalogEntry({ ...saga, paths: paths[name] ?? {}, all: knownSagas })]);
  }
  await expect(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`).toMatchFileSnapshot(CATALOG);
});

it('the catalog is read as it is written', async () => {
  const written: unknown = JSON.parse(await readFile('contracts/catalog.json', 'utf8'));
  expect([...readCatalog(written).keys()]).toEqual(Object.keys(knownSagas));
});

it('every saga of the contracts is a workflow of its name, and every saga among the workflows one of the contracts', () => {
  expect(sagas.map(({ name }) => name).toSorted(byName)).toEqual(Object.keys(contracts).toSorted(byName));
  for (const { name, definition } of sagas) expect(definition.name).toBe(name);
});

it('every saga has its rehearsal and its failure matrix tested, once', async () => {
  const files = (await readdir('workflows')).filter((file) => file.endsWith('.test.ts'));
  const texts = await Promise.all(files.map((file) => readFile(`workflows/${file}`, 'utf8')));
  const described = texts.flatMap((text) => [...text.matchAll(/^describeSaga\((\w+)/gm)].map(([, name]) => name ?? ''));
  expect(described.toSorted(byName)).toEqual(Object.keys(knownSagas).toSorted(byName));
});
