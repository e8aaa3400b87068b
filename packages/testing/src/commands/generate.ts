import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asyncApi } from '@amends/contracts/internal';
import type { Stage } from '../stage.ts';
import { catalogText } from './catalog.ts';
import { brokenVersions, PublishedVersions, withNewVersions } from './published-versions.ts';

const CATALOG = 'contracts/catalog.json';
const ASYNC_API = 'contracts/asyncapi.json';
const PUBLISHED = 'contracts/published.json';

/** What is generated of an application, each by the command of that name. */
export type Generated = 'catalog' | 'asyncapi';

/**
 * Writes what follows from the contracts and the sagas, in the folder of the application; with `check` it writes nothing.
 *
 * @returns sentences: with `check` which files are not up to date; in both cases where the contracts break what was published before
 */
export const generate = async (
  stage: Stage,
  what: Generated,
  { check }: { readonly check: boolean },
): Promise<readonly string[]> => {
  if (what === 'catalog') return bring(CATALOG, await catalogText(stage), 'amends catalog', check);
  const { events } = stage.app;
  const published = PublishedVersions.parse(JSON.parse((await read(PUBLISHED)) ?? '{}'));
  const broken = brokenVersions(published, events);
  if (broken.length > 0) return broken;
  return [
    ...(await bring(ASYNC_API, pretty(asyncApi(events)), 'amends asyncapi', check)),
    ...(await bring(PUBLISHED, pretty(withNewVersions(published, events)), 'amends asyncapi', check)),
  ];
};

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const bring = async (file: string, text: string, command: string, check: boolean): Promise<readonly string[]> => {
  if ((await read(file)) === text) return [];
  if (check) return [`${file} is not up to date: run ${command}.`];
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return [];
};

/** Undefined: there is no such file. */
const read = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
