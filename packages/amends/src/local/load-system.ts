import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { System } from '@amends/runtime';
import { appFolder } from './state/folders.ts';
import { StartError } from './start-error.ts';

/**
 * The system of the application in whose folder, or below it, the command runs: the default export of its `amends.config.ts`.
 *
 * @throws StartError when there is none, or it cannot be read
 */
export const loadSystem = async (): Promise<System> => {
  const file = join(appFolder(), 'amends.config.ts');
  if (!existsSync(file)) {
    throw new StartError(
      'There is no amends.config.ts here or above: run the command in the folder of your application.',
    );
  }
  const { default: system } = (await import(pathToFileURL(file).href)) as { default?: System };
  if (system === undefined)
    throw new StartError('amends.config.ts has no default export: export default defineSystem(…).');
  return system;
};
