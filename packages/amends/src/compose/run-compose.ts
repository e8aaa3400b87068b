import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CliStop } from '../cli/cli-stop.ts';
import { appFolder } from '../local/state/folders.ts';
import { loadSystem } from '../local/load-system.ts';
import { composeOf } from './compose-of.ts';

export interface ComposeOptions {
  /** The file that is to be so already; nothing is printed then. `true`: docker-compose.yml. */
  readonly check?: string | true;
}

const Manifest = z.object({ name: z.string(), version: z.string() });

/**
 * `amends compose`: prints the system of amends.config.ts as a docker-compose.yml, or checks that a file is what it would print.
 *
 * @throws CliStop when the file is another, or there is none
 */
export const runCompose = async ({ check }: ComposeOptions, print: (text: string) => void): Promise<void> => {
  const manifest = JSON.parse(await readFile(join(appFolder(), 'package.json'), 'utf8')) as unknown;
  const text = composeOf(await loadSystem(), Manifest.parse(manifest));
  if (check === undefined) return print(text);
  const file = check === true ? 'docker-compose.yml' : check;
  const there = await readFile(resolve(appFolder(), file), 'utf8').catch(() => undefined);
  if (there === text) return;
  throw new CliStop(
    `${file} ${there === undefined ? 'is not there' : 'is not what amends.config.ts says'}. Write it: amends compose > ${file}`,
  );
};
