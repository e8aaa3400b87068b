import { entriesOf } from '@amends/runtime/internal';
import { join } from 'node:path';
import { buildInto, stopCompiler } from './build.ts';
import { appFolder } from './folders.ts';
import { loadSystem } from './load-system.ts';

/** `amends build`: the processes of the application as files in dist/, for an image. */
export const buildDist = async (): Promise<void> => {
  await buildInto(join(appFolder(), 'dist'), entriesOf(await loadSystem()));
  await stopCompiler();
};
