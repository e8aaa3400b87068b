import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { importSource } from '../import-source.ts';
import type { RehearsedSaga } from './rehearsed-saga.ts';

const ENDING = '.paths.ts';

/** What every `<saga>.paths.ts` of a folder lists, by the saga's name. */
export const pathsOfEverySaga = async (folder: string): Promise<Readonly<Record<string, RehearsedSaga['paths']>>> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(ENDING));
  const listed = files.map(async (file) => {
    const { paths } = await importSource<Pick<RehearsedSaga, 'paths'>>(path.resolve(folder, file));
    return [camelCased(file.slice(0, -ENDING.length)), paths] as const;
  });
  return Object.fromEntries(await Promise.all(listed));
};

/** `return-order` → `returnOrder`. */
const camelCased = (name: string): string => name.replace(/-\w/g, (part) => part.charAt(1).toUpperCase());
